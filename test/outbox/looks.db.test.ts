import { describe, expect, it } from 'vitest'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, OutboxId } from '../../src/lib/ids.ts'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import { absentByEchoes, findUnsettled, settleLook, type Unsettled } from '../../src/outbox/reconcile.ts'
import { addAccount, addEvent, addOutboxRow, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool } = await testDatabase()
const settleMs = 10_000
const later = (ms: number): Date => plusMs(now, ms)

describe('a look that took longer than the world', () => {
  it('is worth nothing once the row was sent again meanwhile', async () => {
    const id = await unknownRow(await addAccount(db))
    const seen = await found(id)
    // Another look was faster: the row was tried again, and that attempt ended in the dark as well.
    await db.updateTable('outbox').set({ state: 'pending' }).where('id', '=', id).execute()
    await db.updateTable('outbox').set({ state: 'sending', attempts: 2 }).where('id', '=', id).execute()
    await db.updateTable('outbox').set({ state: 'unknown' }).where('id', '=', id).execute()

    const settled = await transaction(db, 'settle-unknown', (tx) =>
      settleLook(tx, seen, { next: 'retry' }, now, 30_000),
    )

    expect([settled, await stateOf(id)]).toEqual([null, 'unknown'])
  })

  it('that could not be taken at all costs no look', async () => {
    const id = await unknownRow(await addAccount(db))

    await transaction(db, 'settle-unknown', async (tx) =>
      settleLook(tx, await found(id), { next: 'wait' }, now, 30_000),
    )

    const row = await db.selectFrom('outbox').select(['looks', 'nextLookAt']).where('id', '=', id).executeTakeFirst()
    expect(row).toEqual({ looks: 0, nextLookAt: later(30_000) })
  })
})

describe('on a platform that cannot be asked', () => {
  it.each<[string, FoundOwn['found'], { caughtUpAt: Date | null; state?: string; listenerUntil?: Date }]>([
    ['absence is proved by a catch-up from after the attempt', 'absent', { caughtUpAt: later(settleMs) }],
    ['a catch-up from while the call was still under way proves nothing', 'unknowable', { caughtUpAt: later(-1) }],
    ['nor does one from the moment it ended', 'unknowable', { caughtUpAt: later(0) }],
    ['an account that never caught up', 'unknowable', { caughtUpAt: null }],
    ['an account that is not connected is not looked at', 'not_now', { caughtUpAt: null, state: 'reconnecting' }],
    ['nor one whose listener has died', 'not_now', { caughtUpAt: null, listenerUntil: later(-1) }],
    ['what was caught up holds without a connection', 'absent', { caughtUpAt: later(settleMs), state: 'needs_qr' }],
  ])('%s', async (_fact, expected, account) => {
    const accountId = await listeningAccount(account)
    const id = await unknownRow(accountId)

    expect(await absentByEchoes(db, await found(id), settleMs, now)).toEqual({ found: expected })
  })

  it('an echo that nobody has looked at yet may be the one', async () => {
    const accountId = await listeningAccount({ caughtUpAt: later(settleMs) })
    const id = await unknownRow(accountId)
    await addEvent(db, accountId, { kind: 'echo', place: { kind: 'group', id: 'g1' } })

    expect(await absentByEchoes(db, await found(id), settleMs, now)).toEqual({ found: 'not_now' })
  })

  it.each([
    ['received', later(1), 'not_now'],
    ['received', later(-60_000), 'not_now'],
    ['failed', later(1), 'unknowable'],
    ['failed', later(-60_000), 'absent'],
    ['normalised', later(1), 'absent'],
  ] as const)('with a delivery %s at %s it is %s', async (state, receivedAt, expected) => {
    const accountId = await listeningAccount({ caughtUpAt: later(settleMs) })
    const id = await unknownRow(accountId)
    const { externalId } = await db
      .selectFrom('accounts')
      .select('externalId')
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow()
    await pool.query(
      `insert into deliveries (id, platform, account_external_id, lane, received_at, digest, body, state)
       values (gen_random_uuid(), 'zalo', $1, 2, $2, $3, '', $4)`,
      [externalId, receivedAt, Buffer.from(`${externalId} ${state} ${receivedAt.getTime()}`), state],
    )

    expect(await absentByEchoes(db, await found(id), settleMs, now)).toEqual({ found: expected })
  })
})

/** A card that was claimed half a minute ago; the call ended just now, without an answer. */
function unknownRow(accountId: AccountId): Promise<OutboxId> {
  const claimedAt = later(-30_000)
  const attempt = { attempts: 1, fence: '1', firstClaimedAt: claimedAt, claimedAt, attemptEndedAt: now }
  return addOutboxRow(db, { accountId, audience: 'officer', state: 'unknown', ifAbsent: 'retry', ...attempt })
}

async function found(id: OutboxId): Promise<Unsettled> {
  const row = await findUnsettled(db, id)
  if (row === null) throw new Error('expected an unsettled row')
  return row
}

async function listeningAccount(account: {
  caughtUpAt: Date | null
  state?: string
  listenerUntil?: Date
}): Promise<AccountId> {
  const id = await addAccount(db, { platform: 'zalo' })
  await db
    .updateTable('accounts')
    .set({ listenerUntil: later(30_000), ...account })
    .where('id', '=', id)
    .execute()
  return id
}

async function stateOf(id: OutboxId): Promise<string> {
  return (await db.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
}
