import { expect, it } from 'vitest'
import { newCaseCode } from '../../src/cases/code.ts'
import { withMark } from '../../src/outbox/mark.ts'
import { residentTexts } from '../../src/texts/resident.ts'

const signature = 'Ủy ban MTTQ Việt Nam xã Cát Ngạn'

function acknowledge(code: string, previous: string | null = null, isDirect = false): string {
  return residentTexts.acknowledgement({ signature, isDirect, code, previous })
}

it('the same case is always acknowledged in the same words', () => {
  for (const code of Array.from({ length: 50 }, newCaseCode)) {
    const [first, again] = [acknowledge(code), acknowledge(code)]
    expect(again).toBe(first)
  }
})

it('every wording names the unit and says where the answer will be', () => {
  for (let count = 0; count < 200; count += 1) {
    const code = newCaseCode()
    expect(acknowledge(code)).toContain(signature)
    expect(acknowledge(code)).toContain('ngay dưới bình luận này')
    expect(acknowledge(code, null, true)).toContain('ngay tại đây')
    expect(acknowledge(code)).not.toMatch(/[{}]/)
  }
})

it('many cases are acknowledged in many wordings', () => {
  const wordings = new Set(Array.from({ length: 200 }, () => acknowledge(newCaseCode())))

  expect(wordings.size).toBeGreaterThanOrEqual(6)
})

it('no two in a row are alike, whatever the codes', () => {
  let previous: string | null = null
  for (let count = 0; count < 300; count += 1) {
    const code = newCaseCode()
    const words = acknowledge(code, previous)
    if (previous !== null) expect(previous.startsWith(words)).toBe(false)
    previous = withMark(words, { code, ordinal: 1 })
  }
})
