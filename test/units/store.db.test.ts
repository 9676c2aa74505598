import { describe, expect, it } from 'vitest'
import { newId, OfficerId, UnitId } from '../../src/lib/ids.ts'
import { findUnit, listUnits, officerName, officersOnDuty } from '../../src/units/store.ts'
import { addOfficer, addUnit, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { runInZone } from '../support/in-zone.ts'

const { db, connection } = await testDatabase()
const program = new URL('programs/on-duty.ts', import.meta.url)

describe('units', () => {
  it('a unit is found by its id, with who signs for it', async () => {
    const parentId = await addUnit(db, { code: 'tinh-nghe-an', kind: 'province' })
    const id = await addUnit(db, { code: 'xa-cat-ngan', name: 'Xã Cát Ngạn', parentId, signature: 'MTTQ xã Cát Ngạn' })

    expect(await findUnit(db, id)).toEqual({
      id,
      code: 'xa-cat-ngan',
      name: 'Xã Cát Ngạn',
      parentId,
      signature: 'MTTQ xã Cát Ngạn',
    })
    expect((await listUnits(db)).map((unit) => unit.code).sort()).toEqual(['tinh-nghe-an', 'xa-cat-ngan'])
  })

  it('a unit that does not exist is an error, never another unit', async () => {
    await expect(findUnit(db, newId(UnitId, now))).rejects.toThrow()
  })

  it('two units cannot have one code', async () => {
    await addUnit(db, { code: 'xa-yen-khe' })

    await expect(addUnit(db, { code: 'xa-yen-khe' })).rejects.toMatchObject({ code: '23505' })
  })

  it.each(['Xã Yên Khê', 'xa_yen_khe', ''])('the database refuses the code "%s"', async (code) => {
    await expect(addUnit(db, { code })).rejects.toMatchObject({ code: '23514' })
  })
})

describe('who is on duty', () => {
  const morning = (day: string): Date => new Date(`${day}T02:00:00Z`)

  it.each([
    ['the day before it begins', '2026-02-28', false],
    ['the day it begins', '2026-03-01', true],
    ['a day between', '2026-03-15', true],
    ['the day it ends', '2026-03-31', true],
    ['the day after', '2026-04-01', false],
  ])('%s', async (_fact, day, isOnDuty) => {
    const unitId = await addUnit(db)
    const officerId = await addOfficer(db, { duties: [{ unitId, from: '2026-03-01', to: '2026-03-31' }] })

    const officers = await officersOnDuty(db, unitId, 'answers', morning(day))

    expect(officers).toEqual(isOnDuty ? [{ officerId }] : [])
  })

  it.each(['UTC', 'Asia/Ho_Chi_Minh', 'America/New_York'])(
    'a duty begins at midnight in Viet Nam, although the process lives in %s',
    async (zone) => {
      const unitId = await addUnit(db)
      await addOfficer(db, { duties: [{ unitId, from: '2026-03-01' }] })

      const moments = ['2026-02-28T16:59:59Z', '2026-02-28T17:00:00Z']
      expect(runInZone(zone, program, connection, unitId, ...moments)).toEqual([0, 1])
    },
  )

  it('a duty without an end goes on', async () => {
    const unitId = await addUnit(db)
    const officerId = await addOfficer(db, { duties: [{ unitId }] })

    expect(await officersOnDuty(db, unitId, 'answers', morning('2035-01-01'))).toEqual([{ officerId }])
  })

  it('the restricted desk is a duty of its own', async () => {
    const unitId = await addUnit(db)
    await addOfficer(db, { duties: [{ unitId, duty: 'answers' }] })
    const desk = await addOfficer(db, { duties: [{ unitId, duty: 'restricted_desk' }] })

    expect(await officersOnDuty(db, unitId, 'restricted_desk', now)).toEqual([{ officerId: desk }])
  })

  it('a duty in another unit is no duty here', async () => {
    const [here, there] = [await addUnit(db), await addUnit(db)]
    await addOfficer(db, { duties: [{ unitId: there }] })

    expect(await officersOnDuty(db, here, 'answers', now)).toEqual([])
  })

  it('one officer with two terms that overlap is told once', async () => {
    const unitId = await addUnit(db)
    const duties = [{ unitId }, { unitId, from: '2026-01-01' }]
    const officerId = await addOfficer(db, { duties })

    expect(await officersOnDuty(db, unitId, 'answers', now)).toEqual([{ officerId }])
  })

  it('a term that ends before it begins is refused by the database', async () => {
    const unitId = await addUnit(db)

    await expect(addOfficer(db, { duties: [{ unitId, from: '2026-03-02', to: '2026-03-01' }] })).rejects.toMatchObject({
      code: '23514',
    })
  })
})

describe('an officer’s name', () => {
  it('is what officers are called', async () => {
    expect(await officerName(db, await addOfficer(db, { name: 'Phan Thị Hoa' }))).toBe('Phan Thị Hoa')
  })

  it('of nobody is an error', async () => {
    await expect(officerName(db, newId(OfficerId, now))).rejects.toThrow()
  })
})
