import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newCaseCode } from '../../src/cases/code.ts'
import { newId, OutboxId } from '../../src/lib/ids.ts'
import { findMark, haveSameMark, postMark, withMark, withPostMark } from '../../src/outbox/mark.ts'

const mark = { code: 'DH-7KM-3QP', ordinal: 2 }

describe('a text with its mark', () => {
  it('ends in the code and the number, set apart from the words', () => {
    expect(withMark('Cần CCCD và tờ khai CT01.\n', mark)).toBe('Cần CCCD và tờ khai CT01.\n\nMã: DH-7KM-3QP · 2')
  })

  it('shows its mark again, whatever the words and however the platform spaces them', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 9_999 }),
        fc.constantFrom('NFC', 'NFD'),
        fc.constantFrom('', ' ', '\n', ' \u00A0'),
        (words, ordinal, form, tail) => {
          const code = newCaseCode()
          expect(findMark(withMark(words, { code, ordinal }).normalize(form) + tail)).toEqual({ code, ordinal })
        },
      ),
    )
  })

  it('whose line ends were swallowed still shows it', () => {
    expect(findMark(withMark('Chào bà con', mark).replaceAll('\n', ' '))).toEqual(mark)
  })
})

describe('no mark of ours', () => {
  it.each([
    ['a code alone', 'Mã: DH-7KM-3QP'],
    ['a mark inside the text', 'Mã: DH-7KM-3QP · 2 đã có câu trả lời'],
    ['a resident’s question about a code', 'Cho hỏi DH-7KM-3QP bao giờ trả lời?'],
    ['letters that no code has', 'Mã: DH-0KM-3QP · 2'],
    ['a number too long to be one', 'Mã: DH-7KM-3QP · 12345'],
    ['no number', 'Mã: DH-7KM-3QP · '],
    ['without diacritics', 'Ma: DH-7KM-3QP · 2'],
    ['lower case', 'Mã: dh-7km-3qp · 2'],
    ['nothing', ''],
  ])('%s', (_what, text) => {
    expect(findMark(text)).toBeNull()
  })

  it('a text that quotes a marked one and goes on is not marked', () => {
    expect(findMark(`${withMark('Cần CCCD.', mark)}\nCảm ơn Mặt trận`)).toBeNull()
  })

  it('of two marks the last counts', () => {
    const quoted = withMark('Cần CCCD.', mark)

    expect(findMark(withMark(quoted, { ...mark, ordinal: 3 }))).toEqual({ ...mark, ordinal: 3 })
  })
})

describe('the mark of a post without a case', () => {
  it('is made of its outbox id, so that whoever has the id can say it', () => {
    const id = newId(OutboxId, new Date())

    expect(postMark(id)).toMatch(/^[2-9A-HKMNP-Z]{4}-[2-9A-HKMNP-Z]{4}$/)
    expect(postMark(id)).toBe(postMark(id))
    expect(withPostMark(' Mời họp. ', id)).toBe(`Mời họp.\n\nMã bài: ${postMark(id)}`)
  })

  it('differs from post to post', () => {
    const marks = new Set(Array.from({ length: 1_000 }, () => postMark(newId(OutboxId, new Date()))))

    expect(marks.size).toBe(1_000)
  })
})

it.each<[string, string, string, boolean | null]>([
  ['the same case and number', 'A\n\nMã: DH-7KM-3QP · 2', 'B\n\nMã: DH-7KM-3QP · 2', true],
  ['another number', 'A\n\nMã: DH-7KM-3QP · 2', 'A\n\nMã: DH-7KM-3QP · 3', false],
  ['the same post', 'A\n\nMã bài: 7KM3-QPXY', 'B\n\nMã bài: 7KM3-QPXY', true],
  ['a post and a case', 'A\n\nMã bài: 7KM3-QPXY', 'A\n\nMã: DH-7KM-3QP · 2', false],
  ['one without', 'A\n\nMã: DH-7KM-3QP · 2', 'A', null],
  ['none', 'A', 'A', null],
])('marks compared: %s', (_what, a, b, same) => {
  expect(haveSameMark(a, b)).toBe(same)
})
