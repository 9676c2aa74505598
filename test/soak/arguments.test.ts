import { describe, expect, it } from 'vitest'
import { UsageError } from '../../bench/measure/arguments.ts'
import { readSoakArguments } from '../../bench/soak/arguments.ts'

const known = ['planted', 'storm', 'restarts']

describe('what was typed', () => {
  it.each([
    [
      'nothing means every scenario, and ten thousand replies',
      [],
      { json: false, comments: 5_000, messages: 10_000, names: known },
    ],
    ['a name chooses that one', ['storm'], { json: false, comments: 5_000, messages: 10_000, names: ['storm'] }],
    ['fewer may ask', ['storm', '--comments', '20'], { json: false, comments: 20, messages: 10_000, names: ['storm'] }],
    [
      'fewer messages may be written',
      ['storm', '--messages', '300'],
      { json: false, comments: 5_000, messages: 300, names: ['storm'] },
    ],
    [
      'options may stand anywhere',
      ['--json', 'restarts'],
      { json: true, comments: 5_000, messages: 10_000, names: ['restarts'] },
    ],
  ])('%s', (_fact, typed, expected) => {
    expect(readSoakArguments(typed, known)).toEqual(expected)
  })

  it.each([
    ['an unknown scenario is refused with those there are', ['strom'], 'choose from planted, storm, restarts'],
    ['an unknown option is refused with the usage', ['--coments', '5'], 'usage: npm run -s soak'],
    ['no comments are no storm', ['--comments', '0'], 'expected --comments to be a number'],
    ['half a message is none', ['--messages', '0.5'], 'expected --messages to be a number'],
    ['words are no number', ['--comments', 'many'], 'expected --comments to be a number'],
  ])('%s', (_fact, typed, sentence) => {
    expect(() => readSoakArguments(typed, known)).toThrow(UsageError)
    expect(() => readSoakArguments(typed, known)).toThrow(sentence)
  })
})
