import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparable, fold, shorten, storable } from '../../src/lib/text.ts'

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
const vietnamese = fc.string({
  unit: fc.constantFrom(
    ...'aăâeêioôơuưyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵđĐÂÊÔƠƯ bcghkmnpqrstvx',
  ),
})

describe('storable', () => {
  it.each([
    ['NUL is what PostgreSQL refuses', 'xã\0 Cát', 'xã Cát'],
    ['half an emoji becomes the replacement letter', 'cháy \uD83D', 'cháy \uFFFD'],
    ['the other half as well', '\uDE92 cháy', '\uFFFD cháy'],
    ['a whole emoji stays', 'cháy 🚒', 'cháy 🚒'],
    ['decomposed letters stay as they were sent', 'ha\u0301', 'ha\u0301'],
    ['white space stays as it was sent', ' a \n\n b\t', ' a \n\n b\t'],
    ['nothing stays nothing', '', ''],
  ])('%s', (_fact, sent, stored) => {
    expect(storable(sent)).toBe(stored)
  })

  it('whatever is sent, the result can be stored and storing it again changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const stored = storable(text)
        expect(stored.isWellFormed()).toBe(true)
        expect(stored).not.toContain('\0')
        expect(storable(stored)).toBe(stored)
      }),
    )
  })
})

describe('comparable', () => {
  it.each([
    ['composed and decomposed letters are equal', 'Ngha\u0323 đươ\u0300ng', 'Nghạ đường'],
    ['runs of white space are one space', 'xã\n\n  Cát\tNgạn', 'xã Cát Ngạn'],
    ['the edges are trimmed', '  hỏi  ', 'hỏi'],
    ['a non-breaking space is white space', 'hỏi\u00A0đáp', 'hỏi đáp'],
    ['case is a difference', 'HỎI', 'HỎI'],
    ['diacritics are a difference', 'hoi', 'hoi'],
  ])('%s', (_fact, text, form) => {
    expect(comparable(text)).toBe(form)
  })

  it('a text in NFC and in NFD compare alike', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(comparable(text.normalize('NFD'))).toBe(comparable(text.normalize('NFC')))
      }),
    )
  })

  it('the comparable form is its own comparable form', () => {
    fc.assert(fc.property(anyText, (text) => void expect(comparable(comparable(text))).toBe(comparable(text))))
  })
})

describe('fold', () => {
  it.each([
    ['Đường Hỏng', 'duong hong'],
    ['duong hong', 'duong hong'],
    ['ĐƯỜNG HỎNG', 'duong hong'],
    ['đ', 'd'],
    ['Ủy ban nhân dân xã Yên Khê', 'uy ban nhan dan xa yen khe'],
    ['Uỷ ban', 'uy ban'],
    ['hoà bình', 'hoa binh'],
    ['hòa bình', 'hoa binh'],
    ['răng rứa', 'rang rua'],
    ['Mặt trận\n trả lời', 'mat tran tra loi'],
    ['100% đúng!', '100% dung!'],
  ])('"%s" folds to "%s"', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('Vietnamese letters fold to ASCII', () => {
    fc.assert(fc.property(vietnamese, (text) => void expect(fold(text)).toMatch(/^[a-z ]*$/)))
  })

  it('case, composition and spacing make no difference', () => {
    fc.assert(
      fc.property(vietnamese, (text) => {
        expect(fold(text.toUpperCase())).toBe(fold(text))
        expect(fold(text.normalize('NFD'))).toBe(fold(text))
        expect(fold(` ${text.replaceAll(' ', ' \n ')} `)).toBe(fold(text))
      }),
    )
  })

  it('what is folded stays as it is when folded again', () => {
    fc.assert(fc.property(anyText, (text) => void expect(fold(fold(text))).toBe(fold(text))))
  })
})

describe('shorten', () => {
  it.each([
    ['a text that fits is left alone', 'hỏi', 3, 'hỏi'],
    ['a cut is shown', 'hỏi đáp', 4, 'hỏi…'],
    ['an emoji is not cut in two', 'ab🚒cd', 4, 'ab…'],
    ['an emoji that fits stays', 'a🚒bcd', 4, 'a🚒…'],
    ['nothing to shorten', '', 5, ''],
  ])('%s', (_fact, text, max, short) => {
    expect(shorten(text, max)).toBe(short)
  })

  it('is never longer than asked for, never broken, and keeps the beginning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const short = shorten(text, max)
        expect(short.length).toBeLessThanOrEqual(max)
        expect(short.isWellFormed()).toBe(true)
        if (short !== text) expect(text.startsWith(short.slice(0, -1))).toBe(true)
      }),
    )
  })
})
