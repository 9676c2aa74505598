import { beforeEach, describe, expect, it } from 'vitest'
import { getAccount } from '../../src/accounts/store.ts'
import { type AccountNewsRoom, newsOf, saveConnection, tellDueNews } from '../../src/channels/account-down.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, UnitId } from '../../src/lib/ids.ts'
import { addAccount, addGroup, addOfficer, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const minute = 60_000
const room: AccountNewsRoom = {
  db,
  chatAddress: (_platform, { id }) => ({ chat: id }),
  pacing: { reconnectingMs: 15 * minute, steadyMs: 10 * minute },
}

let unit: UnitId
let zalo: AccountId
let bot: AccountId
beforeEach(async () => {
  await emptyTables(db)
  unit = await addUnit(db)
  zalo = await addAccount(db, { platform: 'zalo', unitId: unit, name: 'Mặt trận xã' })
  bot = await addAccount(db, { platform: 'zalo_bot', unitId: unit })
  await addGroup(db, zalo, { audience: 'officers' })
  const chats = [zalo, bot].map((accountId) => ({ accountId, externalId: 'hoa' }))
  await addOfficer(db, { duties: [{ unitId: unit }], chats })
})

const becomes = async (state: string, afterMs = 0): Promise<boolean> =>
  saveConnection(room, await getAccount(db, zalo), { state, reason: 'test' }, plusMs(now, afterMs))
const lookedAt = async (afterMs: number): Promise<boolean> =>
  tellDueNews(room, await getAccount(db, zalo), plusMs(now, afterMs))
const told = () =>
  db.selectFrom('outbox').select(['accountId', 'text']).where('kind', '=', 'notice').orderBy('createdAt').execute()
const texts = async () => (await told()).map(({ text }) => text?.slice(0, 1))

it.each(['needs_qr', 'suspended', 'evicted', 'stopped'])(
  'an account that is %s: officers are told once, by another account',
  async (state) => {
    expect(await becomes(state)).toBe(true)
    expect(await becomes(state)).toBe(false)

    expect(await told()).toEqual([{ accountId: bot, text: expect.stringContaining('“Mặt trận xã”') }])
  },
)

it.each(['reconnecting', 'connected'])('%s is no news', async (state) => {
  expect(await becomes(state)).toBe(false)

  expect((await db.selectFrom('accounts').select('state').where('id', '=', zalo).executeTakeFirstOrThrow()).state).toBe(
    state,
  )
  expect(await told()).toEqual([])
})

it('its admins are told too, each chat once', async () => {
  await addOfficer(db, {
    duties: [{ unitId: unit, duty: 'administers' }],
    chats: [{ accountId: bot, externalId: 'nam' }],
  })
  await addOfficer(db, {
    duties: [{ unitId: unit }, { unitId: unit, duty: 'administers' }],
    chats: [{ accountId: bot, externalId: 'tam' }],
  })

  await becomes('needs_qr')

  const places = await db.selectFrom('outbox').select('placeId').orderBy('placeId').execute()
  expect(places.map(({ placeId }) => placeId)).toEqual(['hoa', 'nam', 'tam'])
})

describe('nobody can be told', () => {
  const unbind = () => db.deleteFrom('officerIdentities').where('accountId', '=', bot).execute()

  it('by another account: nothing is queued, and whoever can be reached later is told then', async () => {
    await unbind()
    expect(await becomes('needs_qr')).toBe(false)
    expect(await lookedAt(minute)).toBe(false)
    expect(await told()).toEqual([])

    await addOfficer(db, { duties: [{ unitId: unit }], chats: [{ accountId: bot, externalId: 'tam' }] })

    expect(await lookedAt(2 * minute)).toBe(true)
    expect(await lookedAt(3 * minute)).toBe(false)
    expect(await told()).toEqual([{ accountId: bot, text: expect.stringContaining('đã mất phiên') }])
  })

  it('once it works again the account itself tells that it was away', async () => {
    await unbind()
    await becomes('needs_qr')

    expect(await becomes('connected', minute)).toBe(true)

    expect(await told()).toEqual([{ accountId: zalo, text: expect.stringContaining('đã nối lại') }])
  })
})

describe('it works again', () => {
  it('which is told once, to those who were told of the trouble', async () => {
    await becomes('needs_qr')

    expect(await becomes('connected', minute)).toBe(true)
    expect(await becomes('connected', 2 * minute)).toBe(false)

    expect((await told()).at(-1)?.text).toContain('gián đoạn từ 09:00 ngày 02/03/2026')
    expect(await texts()).toEqual(['⚠', '✅'])
  })

  it.each([
    ['being asked for', null, 'đang được hỏi lại'],
    ['lost', 'new_login', 'không cho lấy lại'],
  ] as const)('what was written meanwhile is %s', async (_what, lostBecause, words) => {
    await becomes('needs_qr')
    const gap = { beganAt: now, endedAt: plusMs(now, minute), reason: 'closed_3003', loginNumber: 1, lostBecause }
    await db
      .insertInto('accountGaps')
      .values({ accountId: zalo, ...gap })
      .execute()

    await becomes('connected', minute)

    expect((await told()).at(-1)?.text).toContain(words)
  })
})

it('a send that meets the dead session is no second trouble', async () => {
  await becomes('needs_qr')
  const stopped = { state: 'stopped', reason: 'needs_qr' }
  await saveConnection(room, await getAccount(db, zalo), stopped, now)

  expect(await texts()).toEqual(['⚠'])
})

it.each([
  ['no_consent', 'xác nhận'],
  ['zalo_404', 'Zalo từ chối lệnh gửi'],
])('an account that is stopped for %s is told of in those words', async (reason, words) => {
  await saveConnection(room, await getAccount(db, zalo), { state: 'stopped', reason }, now)

  expect((await told()).at(-1)?.text).toContain(words)
})

it('evicted again and again is told once, and that it is over when it has lasted', async () => {
  for (const round of [0, 1, 2, 3]) {
    await becomes('evicted', round * 5 * minute)
    await becomes('connected', (round * 5 + 2) * minute)
    await lookedAt((round * 5 + 4) * minute)
  }
  expect(await texts()).toEqual(['⚠'])

  expect(await lookedAt((17 + 10) * minute)).toBe(true)

  expect(await texts()).toEqual(['⚠', '✅'])
})

it('a connection that is away for long is told', async () => {
  await becomes('reconnecting')
  expect(await lookedAt(14 * minute)).toBe(false)

  expect(await lookedAt(15 * minute)).toBe(true)
  expect(await lookedAt(16 * minute)).toBe(false)
  expect(await becomes('needs_qr', 17 * minute)).toBe(true)

  expect(await texts()).toEqual(['⚠', '⚠'])
})

it.each([
  ['away for a moment', 'reconnecting', 1, null, null],
  ['up, and never was in trouble', 'connected', 99, null, null],
  ['not opened yet', 'unknown', 99, null, null],
  ['back, but only just after an eviction', 'connected', 9, 'evicted', null],
  ['reconnecting for a moment after an eviction', 'reconnecting', 1, 'evicted', null],
])('nothing is said of an account that is %s', (_what, state, minutes, before, news) => {
  const trouble = before === null ? null : { state: before, since: now, toldAt: now }

  expect(
    newsOf({ state, reason: null, stateChangedAt: now, trouble }, plusMs(now, minutes * minute), room.pacing),
  ).toBe(news)
})
