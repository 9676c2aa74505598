import { describe, expect, it } from 'vitest'
import { lexicon } from '../../src/understanding/lexicon.ts'
import { findPhrases, wordsOf } from '../../src/understanding/words.ts'

describe('a phrase in a text', () => {
  it.each<[string, string, string, boolean]>([
    ['as whole words', 'Cho hỏi thủ tục', 'thu tuc', true],
    ['in any case', 'THỦ TỤC gì', 'thu tuc', true],
    ['not inside a word', 'thủ tụcx', 'thu tuc', false],
    ['across punctuation', 'thủ, tục', 'thu tuc', true],
    ['with its diacritics where it needs them', 'nhà đang cháy', 'đang cháy', true],
    ['not with others', 'xe đang chạy', 'đang cháy', false],
    ['without any where nobody uses them', 'nha dang chay', 'đang cháy', true],
    ['not without any where the writer uses them', 'Cố lên Lan ơi', 'lấn', false],
    ['with the tone on the other letter', 'xoá tên', 'xóa tên', true],
    ['decomposed', 'nhà đang cháy'.normalize('NFD'), 'đang cháy', true],
    ['a question mark is a word', 'sao?', '?', true],
    ['nothing in nothing', '', 'thu tuc', false],
  ])('%s', (_how, text, phrase, isThere) => {
    expect(findPhrases(wordsOf(text), [phrase])).toEqual(isThere ? [phrase] : [])
  })

  it('of two places where its letters stand one with its diacritics is enough', () => {
    expect(findPhrases(wordsOf('xe chạy qua chỗ cháy nhà'), ['cháy nhà'])).toEqual(['cháy nhà'])
  })
})

describe('a text that names somebody', () => {
  it.each(['nhà ông Thắng', 'Bà Hoa kế toán', 'thằng Cường', 'hộ Định', 'cô Lan trạm y tế'])('"%s" does', (text) => {
    expect(wordsOf(text).namesSomebody).toBe(true)
  })

  it.each([
    'ông bà nội tôi',
    'các anh chị',
    'công an xã',
    'bà con ơi',
    'anh em',
    'ÔNG BÀ',
    'xóm Bà Triệu cũ'.slice(0, 4),
  ])('"%s" does not', (text) => {
    expect(wordsOf(text).namesSomebody).toBe(false)
  })
})

describe('the lexicon', () => {
  it.each(Object.entries(lexicon))('%s: every phrase can be found in itself, as lower case words', (_name, phrases) => {
    for (const phrase of phrases) {
      expect(findPhrases(wordsOf(phrase), [phrase]), phrase).toEqual([phrase])
      expect(phrase, phrase).toBe(phrase.toLowerCase().normalize('NFC').trim())
    }
  })

  it.each(Object.entries(lexicon))('%s: no phrase stands there twice', (_name, phrases) => {
    expect(phrases.filter((phrase, at) => phrases.indexOf(phrase) !== at)).toEqual([])
  })
})
