import { describe, expect, it } from 'vitest'
import { CaseDuty, Duty, UnitCode, UnitKind } from '../../src/units/unit.ts'

describe('a unit code', () => {
  it.each(['xa-cat-ngan', 'tinh-nghe-an', 'xom-1', '37', 'x'])('"%s" is one', (code) => {
    expect(UnitCode.parse(code)).toBe(code)
  })

  it.each(['Yen Khe', 'xa_cat_ngan', 'xã-cát-ngạn', '-xa', 'xa-', 'xa--cat', '', 'XA', 'xa cat'])(
    '"%s" is none, and the reader is shown what one looks like',
    (code) => {
      expect(UnitCode.safeParse(code).error?.issues[0]?.message).toBe('expected a unit code like "xa-cat-ngan"')
    },
  )
})

it('there are four kinds of unit and four duties, to two of which cases are given', () => {
  expect(UnitKind.options).toEqual(['province', 'commune', 'area', 'group'])
  expect(Duty.options).toEqual(['answers', 'restricted_desk', 'approves', 'administers'])
  expect(CaseDuty.options).toEqual(['answers', 'restricted_desk'])
})
