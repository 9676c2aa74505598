import fc from 'fast-check'
import { expect, it } from 'vitest'
import { splitText } from '../../../bots/facebook/split-text.ts'

it.each([
  ['a short text stays whole', 'một hai', 20, ['một hai']],
  ['between paragraphs', 'aaaa aaaa\n\nbbbb', 12, ['aaaa aaaa', 'bbbb']],
  ['else between lines', 'aaaa aaaa\nbbbb bb', 12, ['aaaa aaaa', 'bbbb bb']],
  ['else between words', 'aaaa aaaa bbbb', 12, ['aaaa aaaa', 'bbbb']],
  ['else anywhere', 'aaaaaaaa', 5, ['aaaaa', 'aaa']],
  ['never inside an emoji', 'aaaa🙏🙏', 5, ['aaaa', '🙏🙏']],
])('%s', (_title, text, maxChars, parts) => {
  expect(splitText(text, maxChars)).toEqual(parts)
})

it('nothing but white space is lost and no part is too long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 4, max: 40 }), (text, maxChars) => {
      const parts = splitText(text, maxChars)

      expect(parts.every((part) => part.length <= maxChars)).toBe(true)
      expect(parts.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
    }),
  )
})
