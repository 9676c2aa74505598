import { parseArgs } from 'node:util'
import { UsageError } from '../measure/arguments.ts'

export interface SoakArguments {
  readonly json: boolean
  /** How many residents ask in the storm. Each question is owed two public replies. */
  readonly comments: number
  /** In the order of `known`, whatever order they were typed in. */
  readonly names: readonly string[]
}

/** Two public replies each: 10,000 in all. */
const COMMENTS = 5_000

/** `[--json] [--comments N] [NAME…]`; without a name all of them. */
export function readSoakArguments(typed: readonly string[], known: readonly string[]): SoakArguments {
  const { values, positionals } = parse(typed)
  const strange = positionals.find((name) => !known.includes(name))
  if (strange !== undefined) throw new UsageError(`there is no scenario "${strange}": choose from ${known.join(', ')}`)
  const comments = Number(values.comments)
  if (!Number.isSafeInteger(comments) || comments < 1)
    throw new UsageError(`expected --comments to be a number such as ${COMMENTS}, got "${values.comments}"`)
  const names = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name))
  return { json: values.json, comments, names }
}

function parse(typed: readonly string[]): { values: { json: boolean; comments: string }; positionals: string[] } {
  try {
    return parseArgs({
      args: [...typed],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, comments: { type: 'string', default: String(COMMENTS) } },
    })
  } catch (error) {
    throw new UsageError('usage: npm run -s soak -- [--json] [--comments N] [NAME…]', { cause: error })
  }
}
