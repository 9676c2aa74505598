import { beforeEach, describe, expect, it } from 'vitest'
import { windowEnd } from '../../src/intake/window.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { tooLate } from '../../src/outbox/too-late.ts'
import { addAccount, addCase, addEvent, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let accountId: AccountId
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db)
})

const hour = 3_600_000
const day = 24 * hour
const chat = { kind: 'direct', id: '9' } as const

async function toResident(given: Parameters<typeof addOutboxRow>[1] = {}) {
  const { id: caseId } = await addCase(db, { accountId })
  const row = { accountId, caseId, audience: 'resident', placeKind: 'direct', placeId: '9', ...given }
  const id = await addOutboxRow(db, row)
  return { id, kind: given?.kind === 'private_reply' ? 'private_reply' : 'answer', audience: 'resident' } as const
}

describe('the window', () => {
  it.each([
    ['facebook', plusMs(now, day)],
    ['zalo', null],
  ] as const)('of %s ends: %o', (platform, end) => {
    expect(windowEnd(platform, now)).toEqual(end)
  })

  it.each([
    ['a second before it ends', day - 1_000, null],
    ['the moment it ends', day, 'outside_window'],
    ['days later', 3 * day, 'outside_window'],
  ])('%s: %o', async (_when, passedMs, late) => {
    await addEvent(db, accountId, { place: chat, occurredAt: now })

    expect(await tooLate(db, await toResident(), plusMs(now, passedMs))).toBe(late)
  })

  it.each(['message', 'postback'])('begins anew with a %s', async (kind) => {
    await addEvent(db, accountId, { place: chat, occurredAt: plusMs(now, -2 * day) })
    await addEvent(db, accountId, { place: chat, kind, occurredAt: plusMs(now, -hour) })

    expect(await tooLate(db, await toResident(), now)).toBeNull()
  })

  it('does not begin anew with what we said, or with what somebody else did', async () => {
    await addEvent(db, accountId, { place: chat, occurredAt: plusMs(now, -2 * day) })
    await addEvent(db, accountId, { place: chat, kind: 'echo', occurredAt: now })
    await addEvent(db, accountId, { place: { kind: 'direct', id: '10' }, occurredAt: now })

    expect(await tooLate(db, await toResident(), now)).toBe('outside_window')
  })

  it('is none on Zalo', async () => {
    const zalo = await addAccount(db, { platform: 'zalo' })
    await addEvent(db, zalo, { place: chat, occurredAt: plusMs(now, -9 * day) })

    expect(await tooLate(db, await toResident({ accountId: zalo }), now)).toBeNull()
  })

  it('does not concern what everybody reads', async () => {
    await addEvent(db, accountId, { place: chat, occurredAt: plusMs(now, -9 * day) })
    const { id } = await toResident()

    expect(await tooLate(db, { id, kind: 'answer', audience: 'public' }, now)).toBeNull()
  })
})

describe('a private reply', () => {
  it.each([
    ['within seven days', 7 * day - 1_000, null],
    ['after seven days', 7 * day, 'private_reply_too_old'],
  ])('%s: %o', async (_when, passedMs, late) => {
    await addEvent(db, accountId, { messageId: '1_2', occurredAt: now })
    const row = await toResident({ kind: 'private_reply', targetId: '1_2', placeId: '1_2' })

    expect(await tooLate(db, row, plusMs(now, passedMs))).toBe(late)
  })
})
