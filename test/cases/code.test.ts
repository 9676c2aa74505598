import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCaseCode, newCaseCode } from '../../src/cases/code.ts'

const LETTERS = '23456789ABCDEFGHKMNPQRSTUVWXYZ'
const letter = fc.constantFrom(...LETTERS)
/** Codes are random: a fresh one for every run. */
const code = fc.nat().map(() => newCaseCode())
const gap = fc.constantFrom('', ' ', '-', ' - ', '  ')

describe('a new code', () => {
  it('looks like DH-7KM-3QP and uses no letter that is misheard or misread', () => {
    fc.assert(fc.property(code, (made) => void expect(made).toMatch(/^DH-[2-9A-HKMNP-Z]{3}-[2-9A-HKMNP-Z]{3}$/)))
  })

  it('is found', () => {
    fc.assert(fc.property(code, (made) => void expect(findCaseCode(made)).toEqual({ code: made, at: 0, length: 10 })))
  })

  it('a thousand are nearly all different: they cannot be counted through', () => {
    expect(new Set(Array.from({ length: 1_000 }, newCaseCode)).size).toBeGreaterThan(990)
  })

  it('uses every letter', () => {
    const seen = new Set(Array.from({ length: 2_000 }, newCaseCode).flatMap((made) => [...made.slice(3)]))

    expect([...seen].filter((one) => one !== '-').sort()).toEqual([...LETTERS].sort())
  })
})

describe('a typed code', () => {
  it('is found in any case, with or without dashes and spaces, inside any text', () => {
    const around = fc.constantFrom('', 'Trả lời ', 'mã:', '(', '"', 'ạ, ')
    const cases = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(code, gap, gap, cases, around, fc.constantFrom('', ' nhé', '.', ')', ': nội dung'), (...parts) => {
        const [made, first, second, lower, before, after] = parts
        const spoken = `DH${made.slice(3, 6)}${made.slice(7)}`
        const typed = [...spoken].map((one, at) => (lower[at] ? one.toLowerCase() : one)).join('')
        const text = `${before}${typed.slice(0, 2)}${first}${typed.slice(2, 5)}${second}${typed.slice(5)}${after}`
        const found = findCaseCode(text)
        expect(found?.code).toBe(made)
        expect(found?.at).toBe(before.length)
        expect(text.slice(before.length, before.length + (found?.length ?? 0))).not.toMatch(/\s$/)
      }),
    )
  })

  it('with one wrong letter is never taken for a code', () => {
    fc.assert(
      fc.property(code, fc.constantFrom(3, 4, 5, 7, 8, 9), letter, (made, at, wrong) => {
        fc.pre(made[at] !== wrong)
        expect(findCaseCode(made.slice(0, at) + wrong + made.slice(at + 1))).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  it('with one letter too few or too many is no code', () => {
    fc.assert(
      fc.property(code, letter, (made, extra) => {
        expect(findCaseCode(made.slice(0, -1))).toBeNull()
        expect(findCaseCode(made + extra)).toBeNull()
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['no code', 'Cần CCCD và tờ khai CT01.'],
    ['two letters and a number', 'DH 123'],
    ['letters that no code has', 'DH-0KM-3QP'],
    ['inside a word', 'ADH-7KM-3QP'],
    ['foreign letters that pass for ours', 'DH-ſſſ-ſſſ'],
    ['the sign of degrees Kelvin', 'DH-\u212A\u212A\u212A-\u212A\u212A\u212A'],
  ])('%s', (_what, text) => {
    expect(findCaseCode(text)).toBeNull()
  })

  it('of two the first that is valid counts: a slip before it does not hide it', () => {
    const [good, other] = [newCaseCode(), newCaseCode()]
    const slip = `${good.slice(0, -1)}${good.endsWith('2') ? '3' : '2'}`

    expect(findCaseCode(`${slip} à nhầm, ${good} và ${other}`)).toMatchObject({ code: good })
    expect(findCaseCode(`${good} ${other}`)).toMatchObject({ code: good })
  })

  it('is found the same way each time', () => {
    const text = `x ${newCaseCode()} y`

    expect(findCaseCode(text)).toEqual(findCaseCode(text))
  })
})
