import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findInviteCode } from '../../src/accounts/invites.ts'

const LETTERS = '23456789ABCDEFGHKMNPQRSTUVWXYZ'
const codes = fc.string({ minLength: 8, maxLength: 8, unit: fc.constantFrom(...LETTERS) })

describe('findInviteCode', () => {
  it.each([
    ['as it is shown', '7KM3QPAB', '7KM3QPAB'],
    ['in lower case', '7km3qpab', '7KM3QPAB'],
    ['in groups of four', '7KM3 QPAB', '7KM3QPAB'],
    ['with a dash', '7KM3-QPAB', '7KM3QPAB'],
    ['with what a phone adds around it', '  7KM3QPAB\n', '7KM3QPAB'],
  ])('a code typed %s is that code', (_how, text, code) => {
    expect(findInviteCode(text)).toBe(code)
  })

  it.each([
    ['a greeting', 'Chào Mặt trận'],
    ['eight letters of which one is no code letter', 'XINCHAO1'],
    ['seven letters', '7KM3QPA'],
    ['nine letters', '7KM3QPABC'],
    ['a code inside a sentence', 'Mã của tôi là 7KM3QPAB'],
    ['nothing', ''],
    ['a phone number', '0912345678'],
    ['zero for O', '0KM3QPAB'],
    ['letters with diacritics', 'ÀKM3QPAB'],
  ])('%s is no code', (_what, text) => {
    expect(findInviteCode(text)).toBeNull()
  })

  it('however a code is spaced and cased, it is found', () => {
    const gaps = fc.array(fc.constantFrom('', ' ', '-', '\n'), { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(codes, gaps, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (code, between, lower) => {
        const typed = [...code].map((letter, at) => `${between[at]}${lower[at] ? letter.toLowerCase() : letter}`)
        expect(findInviteCode(typed.join('') + between[8])).toBe(code)
      }),
    )
  })

  it('whatever else is written, what is found is a code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const found = findInviteCode(text)
        if (found !== null) expect(found).toMatch(/^[2-9A-HKMNP-Z]{8}$/)
      }),
    )
  })
})
