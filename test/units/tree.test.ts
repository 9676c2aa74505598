import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId, UnitId } from '../../src/lib/ids.ts'
import type { Unit } from '../../src/units/store.ts'
import { lineage } from '../../src/units/tree.ts'
import { now } from '../support/builders.ts'

function unit(code: string, parentId: UnitId | null = null): Unit {
  return { id: newId(UnitId, now), code, name: code, parentId, signature: code }
}

const province = unit('tinh-nghe-an')
const commune = unit('xa-cat-ngan', province.id)
const area = unit('xom-minh-son', commune.id)
const sibling = unit('xa-yen-khe', province.id)
const all = [area, sibling, province, commune]

describe('lineage', () => {
  it.each([
    ['an area', area, ['xom-minh-son', 'xa-cat-ngan', 'tinh-nghe-an']],
    ['a commune', commune, ['xa-cat-ngan', 'tinh-nghe-an']],
    ['the province', province, ['tinh-nghe-an']],
  ])('%s: itself first, then what is above it, nearest first', (_what, from, codes) => {
    expect(lineage(all, from.id).map((above) => above.code)).toEqual(codes)
  })

  it('a unit that is not listed has no lineage', () => {
    expect(lineage(all, newId(UnitId, now))).toEqual([])
  })

  it('a parent that is not listed ends the walk', () => {
    expect(lineage([area], area.id)).toEqual([area])
  })

  it('a unit that is its own parent ends the walk', () => {
    const own = unit('xa-vong')
    const loop = { ...own, parentId: own.id }

    expect(lineage([loop], loop.id)).toEqual([loop])
  })

  it('whatever the parents are, the walk ends, repeats nobody and begins with the unit itself', () => {
    const parents = fc.array(fc.option(fc.nat(9)), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(parents, fc.nat(9), (parentAt, from) => {
        const bare = parentAt.map((_, at) => unit(`xa-${at}`))
        const units = bare.map((one, at) => {
          const parent = parentAt[at] ?? null
          return { ...one, parentId: parent === null ? null : (bare[parent]?.id ?? null) }
        })
        const start = units[from]
        if (start === undefined) return
        const line = lineage(units, start.id)
        expect(line[0]).toEqual(start)
        expect(new Set(line.map((one) => one.id)).size).toBe(line.length)
        for (const [at, one] of line.slice(1).entries()) expect(line[at]?.parentId).toBe(one.id)
      }),
    )
  })
})
