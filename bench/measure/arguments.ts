import { parseArgs } from 'node:util'

export interface BenchArguments {
  readonly json: boolean
  /** A rough look in a fraction of the time. */
  readonly quick: boolean
  /** In the order of `known`, whatever order they were typed in. */
  readonly names: readonly string[]
}

/** What was typed is not a call of the benches; the message says how one looks. */
export class UsageError extends Error {
  readonly code = 'wrong_usage'
}

/** `[--json] [--quick] [NAME…]`; without a name all of them. */
export function readArguments(typed: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parse(typed)
  const strange = positionals.find((name) => !known.includes(name))
  if (strange !== undefined) throw new UsageError(`there is no bench "${strange}": choose from ${known.join(', ')}`)
  const names = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name))
  return { json: values.json, quick: values.quick, names }
}

function parse(typed: readonly string[]): { values: { json: boolean; quick: boolean }; positionals: string[] } {
  try {
    return parseArgs({
      args: [...typed],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
    })
  } catch (error) {
    throw new UsageError('usage: npm run -s bench -- [--json] [--quick] [NAME…]', { cause: error })
  }
}
