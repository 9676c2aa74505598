import { beforeEach, describe, expect, it } from 'vitest'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { newId, OutboxId } from '../../src/lib/ids.ts'
import { OutboxState } from '../../src/outbox/outbound.ts'
import {
  absentByEchoes,
  dueForLook,
  findUnsettled,
  type NextStep,
  settleLook,
  type Unsettled,
} from '../../src/outbox/reconcile.ts'
import { addAccount, addCase, addEvent, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { later, mustClaim, readRow } from './stage.ts'

const { db, pool } = await testDatabase()
beforeEach(() => emptyTables(db))

const wasSent = { attempts: 1, firstClaimedAt: later(-9_000), claimedAt: later(-1_000), attemptEndedAt: later(-500) }

async function unsettled(id: OutboxId): Promise<Unsettled> {
  const row = await findUnsettled(db, id)
  if (row === null) throw new Error('the row is settled')
  return row
}

describe('a row to be looked for', () => {
  it('knows when it was first handed over, when its latest attempt ended, and how often it was looked for', async () => {
    const id = await addOutboxRow(db, { ...wasSent, state: 'unknown', ifAbsent: 'retry', looks: 3 })
    const { accountId, caseId, text, address } = await readRow(db, id)

    expect(await findUnsettled(db, id)).toEqual({
      message: {
        id,
        accountId,
        caseId,
        text,
        address,
        fileId: null,
        targetId: null,
        link: null,
        kind: 'answer',
        audience: 'public',
        claimedAt: wasSent.firstClaimedAt,
      },
      state: 'unknown',
      ifAbsent: 'retry',
      looks: 3,
      attempts: 1,
      attemptEndedAt: wasSent.attemptEndedAt,
      nextLookAt: null,
      wasDone: false,
      isSuperseded: false,
      isTrifle: false,
      isForOfficers: false,
    })
  })

  const others = OutboxState.options.filter((state) => state !== 'unknown' && state !== 'sent')
  it.each(others)('is none that is %s', async (state) => {
    expect(await findUnsettled(db, await addOutboxRow(db, { ...wasSent, state }))).toBeNull()
  })

  it('does not exist: null', async () => {
    expect(await findUnsettled(db, newId(OutboxId, now))).toBeNull()
  })
})

describe('whose look is due', () => {
  it('those whose time has come, the longest waiting first, no more than asked for', async () => {
    const second = await addOutboxRow(db, { state: 'sent', nextLookAt: later(-1) })
    const first = await addOutboxRow(db, { state: 'unknown', nextLookAt: later(-2) })
    const third = await addOutboxRow(db, { state: 'unknown', nextLookAt: now })
    await addOutboxRow(db, { state: 'unknown', nextLookAt: later(1) })
    await addOutboxRow(db, { state: 'sent', nextLookAt: null })
    await addOutboxRow(db, { state: 'confirmed', nextLookAt: later(-9) })

    expect(await dueForLook(db, now, 10)).toEqual([first, second, third])
    expect(await dueForLook(db, now, 2)).toEqual([first, second])
  })
})

describe('what a look comes to', () => {
  const look = async (id: OutboxId, next: Exclude<NextStep['next'], 'confirm'>, row?: Unsettled) => {
    const seen = row ?? (await unsettled(id))
    return db.transaction().execute((tx) => settleLook(tx, seen, { next }, now, 30_000))
  }

  it.each<[Exclude<NextStep['next'], 'confirm'>, object]>([
    ['retry', { state: 'pending', dueAt: now, nextLookAt: null, ifAbsent: null, looks: 3 }],
    ['reject', { state: 'rejected', nextLookAt: null, looks: 3 }],
    ['ask_person', { state: 'needs_person', nextLookAt: null, looks: 3 }],
    ['leave', { state: 'unknown', nextLookAt: null, looks: 3 }],
    ['look_again', { state: 'unknown', nextLookAt: later(30_000), looks: 3 }],
    ['wait', { state: 'unknown', nextLookAt: later(30_000), looks: 2 }],
  ])('%s', async (next, expected) => {
    const id = await addOutboxRow(db, { ...wasSent, state: 'unknown', ifAbsent: 'retry', looks: 2, dueAt: later(-99) })

    expect(await look(id, next)).toMatchObject({ caseId: (await readRow(db, id)).caseId })

    expect(await readRow(db, id)).toMatchObject(expected)
  })

  it('says nothing about a row that was confirmed meanwhile', async () => {
    const id = await addOutboxRow(db, { ...wasSent, state: 'unknown' })
    const row = await unsettled(id)
    await db.updateTable('outbox').set({ state: 'confirmed' }).execute()

    expect(await look(id, 'retry', row)).toBeNull()

    expect(await readRow(db, id)).toMatchObject({ state: 'confirmed', looks: 0 })
  })

  it('says nothing about a later attempt', async () => {
    const id = await addOutboxRow(db, { ...wasSent, state: 'unknown' })
    const row = await unsettled(id)
    await db.updateTable('outbox').set({ state: 'pending' }).execute()
    await mustClaim(db)
    await db.updateTable('outbox').set({ state: 'unknown' }).execute()

    expect(await look(id, 'retry', row)).toBeNull()

    expect(await readRow(db, id)).toMatchObject({ state: 'unknown', attempts: 2 })
  })

  it.each<[string, { confidentiality?: string; status?: string }]>([
    ['restricted', { confidentiality: 'restricted' }],
    ['withdrawn', { status: 'withdrawn' }],
    ['answered on the platform', { status: 'answered_outside' }],
  ])('absent, but its case is %s by now: cancelled instead of sent', async (_what, change) => {
    const about = await addCase(db)
    const same = { caseId: about.id, accountId: about.accountId }
    const id = await addOutboxRow(db, { ...wasSent, ...same, state: 'unknown', ifAbsent: 'retry' })
    await db.updateTable('cases').set(change).execute()

    expect(await look(id, 'retry')).not.toBeNull()

    expect(await readRow(db, id)).toMatchObject({ state: 'cancelled' })
  })
})

describe('where the platform cannot be asked', () => {
  const settleMs = 10_000
  const listening = { state: 'connected', listenerUntil: later(30_000) }

  async function sentByZalo(account: object = {}): Promise<Unsettled> {
    const accountId = await addAccount(db, { platform: 'zalo', externalId: '555' })
    await db
      .updateTable('accounts')
      .set({ ...listening, ...account })
      .execute()
    return unsettled(await addOutboxRow(db, { ...wasSent, accountId, audience: 'officer', state: 'unknown' }))
  }
  const caughtUp = { caughtUpAt: later(-500 + settleMs) }
  const find = (row: Unsettled) => absentByEchoes(db, row, settleMs, later(20_000))

  it('absence is proved when all it wrote since is read and ours was not among it', async () => {
    expect(await find(await sentByZalo(caughtUp))).toEqual({ found: 'absent' })
  })

  it.each<[string, object, string]>([
    ['never caught up, but listening', {}, 'unknowable'],
    ['caught up too early', { caughtUpAt: later(-501 + settleMs) }, 'unknowable'],
    ['not connected', { state: 'reconnecting' }, 'not_now'],
    ['connected once, with nobody listening any more', { listenerUntil: later(19_999) }, 'not_now'],
    ['caught up, although not connected now', { ...caughtUp, state: 'reconnecting' }, 'absent'],
  ])('%s', async (_what, account, found) => {
    expect(await find(await sentByZalo(account))).toEqual({ found })
  })

  const keep = (accountExternalId: string, at = now): Promise<void> =>
    new DeliveryKeeper(
      pool,
      () => at,
      () => {},
    ).keep({
      platform: 'zalo',
      accountExternalId,
      lane: 'live',
      body: Buffer.from(`${accountExternalId} ${at.getTime()}`),
    })

  it('while a delivery that may hold the echo waits to be read, nobody can have looked', async () => {
    const row = await sentByZalo(caughtUp)
    await keep('555')

    expect(await find(row)).toEqual({ found: 'not_now' })
  })

  it('one that could not be read may hold it for ever', async () => {
    const row = await sentByZalo(caughtUp)
    await keep('555')
    await db.updateTable('deliveries').set({ state: 'failed' }).execute()

    expect(await find(row)).toEqual({ found: 'unknowable' })
  })

  it.each<[string, string, Date, string]>([
    ['of another account', '777', now, 'received'],
    ['that failed before it was sent', '555', later(-99_000), 'failed'],
    ['that was read', '555', now, 'normalised'],
  ])('a delivery %s does not matter', async (_what, externalId, at, state) => {
    const row = await sentByZalo(caughtUp)
    await keep(externalId, at)
    await db.updateTable('deliveries').set({ state }).execute()

    expect(await find(row)).toEqual({ found: 'absent' })
  })

  it('an echo that nobody has looked at may be ours', async () => {
    const row = await sentByZalo(caughtUp)
    const { id } = await addEvent(db, row.message.accountId, { kind: 'echo' })
    expect(await find(row)).toEqual({ found: 'not_now' })

    await db.updateTable('events').set({ closedAt: now, outcome: 'written_outside' }).where('id', '=', id).execute()
    expect(await find(row)).toEqual({ found: 'absent' })
  })
})
