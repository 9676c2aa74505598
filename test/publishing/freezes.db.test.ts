import { beforeEach, describe, expect, it } from 'vitest'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { UnitId } from '../../src/lib/ids.ts'
import { claimNext, nextDue } from '../../src/outbox/claim.ts'
import { type Freeze, frozenUntil, listFreezes, replaceFreezes } from '../../src/publishing/freezes.ts'
import { addAccount, addCase, addOutboxRow, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let province: UnitId
let commune: UnitId
let area: UnitId
beforeEach(async () => {
  await emptyTables(db)
  province = await addUnit(db, { kind: 'province' })
  commune = await addUnit(db, { parentId: province })
  area = await addUnit(db, { parentId: commune, kind: 'area' })
})

const hour = 3_600_000
const later = (hours: number): Date => plusMs(now, hours * hour)

function freeze(...freezes: readonly Partial<Freeze>[]): Promise<void> {
  const whole = freezes.map((given) => ({
    unitId: null,
    startsAt: later(-1),
    endsAt: later(1),
    reason: 'bầu cử',
    ...given,
  }))
  return transaction(db, 'apply-setup', (tx) => replaceFreezes(tx, whole))
}

const limits = { leaseMs: 60_000, perDay: 1_000 }
const claim = (at = now) => claimNext(db, 'facebook', at, limits)
const due = (at = now) => nextDue(db, 'facebook', at, limits.perDay)

async function answerOf(unitId: UnitId, given: Parameters<typeof addOutboxRow>[1] = {}) {
  const accountId = await addAccount(db, { unitId })
  const { id: caseId } = await addCase(db, { accountId })
  return addOutboxRow(db, { accountId, caseId, unitId, ...given })
}

describe('a unit keeps still', () => {
  it.each<[string, () => Partial<Freeze>, boolean]>([
    ['everywhere', () => ({}), true],
    ['for itself', () => ({ unitId: commune }), true],
    ['with the unit above', () => ({ unitId: province }), true],
    ['but not for a unit below', () => ({ unitId: area }), false],
    ['not before it begins', () => ({ startsAt: later(0.5) }), false],
    ['from its first moment', () => ({ startsAt: now }), true],
    ['until its last', () => ({ endsAt: plusMs(now, 1) }), true],
    ['and not after that', () => ({ endsAt: now }), false],
  ])('%s', async (_what, given, isFrozen) => {
    await freeze(given())

    expect((await frozenUntil(db, commune, now)) !== null).toBe(isFrozen)
  })

  it('until the last of several freezes that hold now is over', async () => {
    await freeze({ endsAt: later(2) }, { unitId: commune, endsAt: later(5) }, { unitId: area, endsAt: later(9) })

    expect(await frozenUntil(db, commune, now)).toEqual(later(5))
  })
})

describe('in a freeze', () => {
  it.each(['public', 'resident'])('a %s message waits, and goes on by itself when it is over', async (audience) => {
    const id = await answerOf(commune, { audience })
    await freeze({ unitId: province, endsAt: later(3) })

    expect(await claim()).toBeNull()
    expect(await due()).toEqual(later(3))
    expect(await claim(plusMs(later(3), -1))).toBeNull()
    expect((await claim(later(3)))?.message.id).toBe(id)
  })

  it('officers are still told, and what is below is frozen with it', async () => {
    await freeze({ unitId: commune })
    await answerOf(area)
    const card = await addOutboxRow(db, { accountId: await addAccount(db, { unitId: area }), audience: 'officer' })

    expect((await claim())?.message.id).toBe(card)
    expect(await claim()).toBeNull()
  })

  it('other units go on', async () => {
    await freeze({ unitId: commune })
    await answerOf(area)
    const elsewhere = await answerOf(await addUnit(db, { parentId: province }))

    expect(await due()).toEqual(now)
    expect((await claim())?.message.id).toBe(elsewhere)
  })

  it('a row that is due after it is not hurried', async () => {
    await answerOf(commune, { dueAt: later(7) })
    await freeze({ endsAt: later(3) })

    expect(await due()).toEqual(later(7))
  })

  it('an answer that is claimed while the freeze is being written is put back', async () => {
    const id = await answerOf(commune)
    const written = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const freezing = db.transaction().execute(async (tx) => {
      await replaceFreezes(tx, [{ unitId: null, startsAt: later(-1), endsAt: later(1), reason: 'bầu cử' }])
      written.resolve()
      await commit.promise
    })
    await written.promise

    const claiming = claim()
    commit.resolve()

    expect((await Promise.all([claiming, freezing]))[0]).toBeNull()
    const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()
    expect(row).toMatchObject({ state: 'pending', attempts: 0, firstClaimedAt: null })
    expect((await claim(later(1)))?.message.id).toBe(id)
  })
})

it('freezes are one list: it is replaced, and what is over is not shown', async () => {
  await freeze({ reason: 'cũ' })
  await freeze({ unitId: commune, reason: 'bầu cử' }, { startsAt: later(-9), endsAt: later(-8), reason: 'đã qua' })

  expect((await listFreezes(db, now)).map(({ reason, unitId }) => [reason, unitId])).toEqual([['bầu cử', commune]])
})
