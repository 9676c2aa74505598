import { describe, expect, it } from 'vitest'
import { readArguments, UsageError } from '../../bench/measure/arguments.ts'

const known = ['ingest', 'latency', 'start']

describe('what was typed', () => {
  it.each([
    ['nothing means every bench', [], { json: false, quick: false, names: known }],
    ['a name chooses that one', ['latency'], { json: false, quick: false, names: ['latency'] }],
    ['names run in the usual order', ['start', 'ingest'], { json: false, quick: false, names: ['ingest', 'start'] }],
    ['a name twice is one run', ['start', 'start'], { json: false, quick: false, names: ['start'] }],
    ['options may stand anywhere', ['start', '--json'], { json: true, quick: false, names: ['start'] }],
    ['both options together', ['--quick', '--json'], { json: true, quick: true, names: known }],
  ])('%s', (_fact, typed, expected) => {
    expect(readArguments(typed, known)).toEqual(expected)
  })

  it.each([
    ['an unknown bench is refused with the names there are', ['ingestion'], 'choose from ingest, latency, start'],
    ['an unknown option is refused with the usage', ['--jsn'], 'usage: npm run -s bench'],
    ['an option takes no value', ['--json=yes'], 'usage: npm run -s bench'],
  ])('%s', (_fact, typed, sentence) => {
    expect(() => readArguments(typed, known)).toThrow(UsageError)
    expect(() => readArguments(typed, known)).toThrow(sentence)
  })
})
