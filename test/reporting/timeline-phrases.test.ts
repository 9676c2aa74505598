import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fold } from '../../src/lib/text.ts'
import { asWritten } from '../../src/reporting/timeline-phrases.ts'

it.each([
  ['folded phrases come back as they were written', 'Cho hỏi THỦ TỤC tách hộ', ['thu tuc'], ['THỦ TỤC']],
  ['decomposed letters are found too', 'thủ tục'.normalize('NFD'), ['thu tuc'], ['thủ tục']],
  ['đ is a letter like others', 'Đèn đường hỏng', ['den duong', 'hong'], ['Đèn đường', 'hỏng']],
  ['punctuation ends a word', '“Thủ tục”, lịch?', ['thu tuc', 'lich'], ['Thủ tục', 'lịch']],
  ['an emoji before it shifts nothing', '🙏🙏 lịch tiêm', ['lich'], ['lịch']],
  ['what is not in the text is left out', 'cảm ơn', ['no telling word', '?'], []],
  ['part of a word is no word', 'lịchsử', ['lich'], []],
])('%s', (_name, text, phrases, found) => {
  expect(asWritten(text, phrases)).toEqual(found)
})

it('whatever is found folds back to the phrase that was looked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      const [found] = asWritten(`${before} Tách hộ khẩu ${after}`, ['tach ho khau'])

      expect(fold(found ?? '')).toBe('tach ho khau')
    }),
  )
})
