import { parseArgs } from 'node:util'
import { UsageError } from '../measure/arguments.ts'

export interface SoakArguments {
  readonly json: boolean
  /** How many residents ask in the storm. Each question is owed two public replies. */
  readonly comments: number
  /** How many messages are written in the residents' groups on Zalo. A tenth of them are questions. */
  readonly messages: number
  /** In the order of `known`, whatever order they were typed in. */
  readonly names: readonly string[]
}

/** Two public replies each: 10,000 in all. */
const COMMENTS = 5_000
/** A thousand questions among them. */
const MESSAGES = 10_000

/** `[--json] [--comments N] [--messages N] [NAME…]`; without a name all of them. */
export function readSoakArguments(typed: readonly string[], known: readonly string[]): SoakArguments {
  const { values, positionals } = parse(typed)
  const strange = positionals.find((name) => !known.includes(name))
  if (strange !== undefined) throw new UsageError(`there is no scenario "${strange}": choose from ${known.join(', ')}`)
  const comments = countOf('comments', values.comments, COMMENTS)
  const messages = countOf('messages', values.messages, MESSAGES)
  const names = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name))
  return { json: values.json, comments, messages, names }
}

function countOf(option: string, typed: string, usual: number): number {
  const count = Number(typed)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw new UsageError(`expected --${option} to be a number such as ${usual}, got "${typed}"`)
}

interface Parsed {
  readonly values: { readonly json: boolean; readonly comments: string; readonly messages: string }
  readonly positionals: string[]
}

function parse(typed: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...typed],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        comments: { type: 'string', default: String(COMMENTS) },
        messages: { type: 'string', default: String(MESSAGES) },
      },
    })
  } catch (error) {
    throw new UsageError('usage: npm run -s soak -- [--json] [--comments N] [--messages N] [NAME…]', { cause: error })
  }
}
