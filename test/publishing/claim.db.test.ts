import { beforeEach, describe, expect, it } from 'vitest'
import type { OfficerId, OutboxId } from '../../src/lib/ids.ts'
import { claimNext } from '../../src/outbox/claim.ts'
import { setPublishing, switchPublishing } from '../../src/outbox/switch.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import { addAccount, addCase, addOfficer, addOutboxRow, emptyTables, now, sayMode } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let officer: OfficerId
beforeEach(async () => {
  await emptyTables(db)
  officer = await addOfficer(db)
})

const by = { actor: 'test' }
const claim = () => claimNext(db, 'facebook', now, { leaseMs: 60_000, perDay: 1_000 })
const row = (id: OutboxId) => db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** A row that was queued before the mode was what it is now. */
async function queued(mode: PublishingMode, given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> {
  const accountId = await addAccount(db)
  const { id: caseId } = await addCase(db, { accountId })
  const id = await addOutboxRow(db, { accountId, caseId, ...given })
  await sayMode(db, { accountId }, mode)
  return id
}

describe('a claim of what the mode does not let go', () => {
  it.each<[PublishingMode, object]>([
    ['listen_only', {}],
    ['listen_only', { audience: 'resident' }],
    ['approve_all', {}],
    ['approve_all', { audience: 'resident' }],
  ])('in %s holds the row %j as if it had never been claimed', async (mode, given) => {
    const id = await queued(mode, given)

    expect(await claim()).toBeNull()

    expect(await row(id)).toMatchObject({
      state: 'held',
      heldBy: mode,
      attempts: 0,
      claimedAt: null,
      firstClaimedAt: null,
    })
    const lanes = await db.selectFrom('accountLanes').select('busyUntil').execute()
    expect(lanes).toEqual([{ busyUntil: Number.NEGATIVE_INFINITY }])
  })

  it.each<PublishingMode>(['listen_only', 'approve_all'])('in %s gives a receipt up', async (mode) => {
    const id = await queued(mode, { kind: 'acknowledgement' })

    expect(await claim()).toBeNull()

    expect(await row(id)).toMatchObject({ state: 'cancelled', errorCode: mode })
  })

  it('goes on to what may leave', async () => {
    await queued('listen_only')
    await queued('approve_all')
    const free = await queued('publish')

    expect((await claim())?.message.id).toBe(free)
  })

  it('remembers earlier attempts of a row that was tried before', async () => {
    const firstClaimedAt = new Date('2026-03-01T00:00:00Z')
    const id = await queued('listen_only', { attempts: 2, firstClaimedAt })

    await claim()

    expect(await row(id)).toMatchObject({ state: 'held', attempts: 2, firstClaimedAt })
  })
})

describe('a claim of what somebody has agreed to', () => {
  const approved = (): object => ({ approvedBy: officer, approvedAt: now })

  it('is made in approve_all', async () => {
    const id = await queued('approve_all', approved())

    expect((await claim())?.message.id).toBe(id)
  })

  it('is not made in listen_only', async () => {
    const id = await queued('listen_only', approved())

    expect(await claim()).toBeNull()
    expect((await row(id)).state).toBe('held')
  })
})

it.each<PublishingMode>(['listen_only', 'approve_all'])('officers are told in %s as ever', async (mode) => {
  const accountId = await addAccount(db, { mode })
  const id = await addOutboxRow(db, { accountId, audience: 'officer' })

  expect((await claim())?.message.id).toBe(id)
})

describe('a stop', () => {
  it('that is being committed is waited for by a claim, which then takes nothing', async () => {
    const id = await queued('publish')
    const stopped = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const stopping = db.transaction().execute(async (tx) => {
      await setPublishing(tx, false, { by, reason: 'lũ' }, now)
      stopped.resolve()
      await commit.promise
    })
    await stopped.promise

    const claiming = claim()
    commit.resolve()

    expect((await Promise.all([claiming, stopping]))[0]).toBeNull()
    expect(await row(id)).toMatchObject({ state: 'pending', attempts: 0 })
  })

  it('against claims in any order: what was not claimed before is never claimed', async () => {
    for (let round = 0; round < 15; round += 1) {
      await emptyTables(db)
      const ids = await Promise.all(Array.from({ length: 4 }, () => queued('publish')))
      let afterStop = 0
      const claims = Promise.all(ids.map(() => claim()))
      const stopping = switchPublishing(db, false, { by, reason: null }, now).then(async () => {
        afterStop = await underway()
      })

      await Promise.all([claims, stopping])

      expect(await underway()).toBe(afterStop)
      expect(await claim()).toBeNull()
    }
  })

  async function underway(): Promise<number> {
    return (await db.selectFrom('outbox').select('id').where('state', '=', 'sending').execute()).length
  }

  it('is written down once, with who, when and why', async () => {
    await switchPublishing(db, false, { by: { officerId: officer }, reason: 'lũ' }, now)
    await switchPublishing(db, false, { by, reason: 'nữa' }, now)
    await switchPublishing(db, true, { by, reason: null }, now)

    const changes = db
      .selectFrom('publishingChanges')
      .select(['what', 'officerId', 'actor', 'reason', 'at'])
      .orderBy('id')
    expect(await changes.execute()).toEqual([
      { what: 'stopped', officerId: officer, actor: null, reason: 'lũ', at: now },
      { what: 'resumed', officerId: null, actor: 'test', reason: null, at: now },
    ])
  })
})
