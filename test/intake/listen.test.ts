import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asksToTake, containsKeyword, isHeard, saysSomething } from '../../src/intake/listen.ts'

describe('the words of a group', () => {
  it.each([
    ['mất nước', 'Xóm mình MẤT NƯỚC từ sáng'],
    ['mất nước', 'mất\u00a0 nước rồi bà con ơi'],
    ['mất nước', 'Lại mất nước.'.normalize('NFD')],
    ['mất nước'.normalize('NFD'), 'Lại mất nước.'],
    ['rác', '(rác)'],
    ['rác', 'rác'],
    ['#nuocsach', 'Bao giờ có #nướcsạch?'],
    ['#nướcsạch', 'Bao giờ có #nuocsach?'],
    ['#nướcsạch', '#NuocSach'],
    ['c++', 'học c++ ở đâu'],
  ])('“%s” is heard in “%s”', (keyword, text) => {
    expect(containsKeyword(text, ['khác', keyword])).toBe(true)
  })

  it.each([
    ['rác', 'các bác'],
    ['rác', 'khốirác'],
    ['rác', 'rácthải'],
    ['rác', 'rac'],
    ['nước', 'nước_ngọt'],
    ['mất nước', 'mất điện và nước'],
    ['#nuoc', '#nuocngot'],
    ['#nuoc', 'nuoc'],
    ['rác', '#rác'],
    ['.', 'Câu này có dấu chấm.'.replace('.', '')],
    ['rác', null],
    ['  ', 'bất cứ gì'],
  ])('“%s” is not heard in “%s”', (keyword, text) => {
    expect(containsKeyword(text, [keyword])).toBe(false)
  })

  it('a word is heard between any two signs that are no letters, however it is composed', () => {
    const edge = fc.constantFrom('', ' ', '\n', ',', '.', '!', '?', '“', '(', '…', '😀')
    const form = fc.constantFrom('NFC', 'NFD')
    const word = fc.constantFrom('đường', 'nước sạch', 'điện', '#phảnánh')
    fc.assert(
      fc.property(edge, edge, word, form, form, (before, after, keyword, typed, listed) => {
        const text = `${before}${keyword.toUpperCase()}${after}`.normalize(typed)
        expect(containsKeyword(text, [keyword.normalize(listed)])).toBe(true)
      }),
    )
  })

  it('no letter may touch it', () => {
    const letter = fc.constantFrom('a', 'đ', 'ộ', '9', '_')
    fc.assert(
      fc.property(letter, fc.boolean(), (touching, isBefore) => {
        const text = isBefore ? `${touching}rác` : `rác${touching}`
        expect(containsKeyword(text, ['rác'])).toBe(false)
      }),
    )
  })

  it('whatever is typed and listed, nothing breaks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), (text, keywords) => {
        expect(typeof isHeard({ text, mentionsAccount: false }, { listen: 'keyword', keywords })).toBe('boolean')
      }),
    )
  })
})

describe('a group with words of its own', () => {
  const group = { listen: 'keyword', keywords: ['mất nước'] } as const

  it.each([
    ['its words', { text: 'Lại mất nước', mentionsAccount: false }, true],
    ['a mention', { text: 'Ai biết không?', mentionsAccount: true }, true],
    ['our hashtags', { text: '#hỏi bao giờ có điện', mentionsAccount: false }, true],
    ['other talk', { text: 'Bao giờ có điện?', mentionsAccount: false }, false],
  ])('%s: %j → %s', (_what, said, heard) => {
    expect(isHeard(said, group)).toBe(heard)
  })
})

describe('beside a quote', () => {
  it.each([
    ['#chuyen', true],
    ['Nhờ xã #CHUYỂN, cảm ơn', true],
    ['#hoi', true],
    ['#chuyenkhac', false],
    ['chuyen', false],
    [null, false],
  ])('“%s” hands over: %s', (text, isSo) => {
    expect(asksToTake({ text, mentionsAccount: false })).toBe(isSo)
  })

  it('the hashtag of officers addresses us from nobody else', () => {
    expect(isHeard({ text: '#chuyen', mentionsAccount: false }, { listen: 'when_addressed', keywords: [] })).toBe(false)
  })

  it.each([
    ['@Mặt trận xã', false],
    ['@Mặt trận xã #hoi', false],
    ['#hoi #chuyển 👆', false],
    ['', false],
    [null, false],
    ['@Mặt trận xã bao giờ?', true],
    ['#hoi bao giờ?', true],
    ['nước', true],
  ])('“%s” says something of its own: %s', (text, isSo) => {
    expect(saysSomething(text, 'Mặt trận xã')).toBe(isSo)
  })
})
