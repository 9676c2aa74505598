import { beforeEach, describe, expect, it } from 'vitest'
import { beginHearing, closeGaps, countGaps, endHearing, gapsSince } from '../../src/accounts/coverage.ts'
import { holdListener } from '../../src/accounts/lease.ts'
import { saveLogin } from '../../src/accounts/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, emptyTables, keyRing, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const minute = 60_000
const at = (minutes: number): Date => plusMs(now, minutes * minute)

let zalo: AccountId
beforeEach(async () => {
  await emptyTables(db)
  zalo = await addAccount(db, { platform: 'zalo', externalId: '555', name: 'Mặt trận xã' })
  await saveLogin(db, keyRing, zalo, 'session')
  await hold(0)
})

const hold = (minutes: number, heardUntil: Date | null = null, owner = 'one'): Promise<string | null> =>
  holdListener(db, zalo, owner, at(minutes), minute, heardUntil)
const begin = (minutes: number, loginNumber = 1, owner = 'one'): Promise<boolean> =>
  beginHearing(db, { id: zalo, loginNumber }, owner, at(minutes))
const end = (minutes: number, reason = 'closed_1006', loginNumber = 1, owner = 'one'): Promise<boolean> =>
  endHearing(db, { id: zalo, loginNumber }, owner, { since: at(minutes), reason })
const caughtUp = (askedAt: number, loginNumber = 1): Promise<void> =>
  closeGaps(db, { id: zalo, loginNumber }, at(askedAt), at(askedAt + 1))
const gaps = async () =>
  (await gapsSince(db, at(-1e6))).map(({ beganAt, endedAt, reason, became }) => ({
    from: (beganAt.getTime() - now.getTime()) / minute,
    to: endedAt === null ? null : (endedAt.getTime() - now.getTime()) / minute,
    reason,
    became,
  }))

it('before the first connection there is no gap: nothing was promised', async () => {
  await begin(3)

  expect(await gaps()).toEqual([])
})

it('a lost connection is a gap until the next one, and read once old messages were asked for after that', async () => {
  await begin(0)
  await end(5)
  expect(await gaps()).toEqual([{ from: 5, to: null, reason: 'closed_1006', became: 'lasts' }])

  await begin(8)
  await caughtUp(7)
  expect(await gaps()).toEqual([{ from: 5, to: 8, reason: 'closed_1006', became: 'waiting' }])

  await caughtUp(8)
  expect(await gaps()).toEqual([{ from: 5, to: 8, reason: 'closed_1006', became: 'caught_up' }])
  expect(await countGaps(db)).toEqual([{ account: '555', became: 'caught_up', count: 1 }])
})

it('a process that dies without a word: the gap begins where it was last surely heard', async () => {
  await begin(0)
  await hold(4, at(4))
  await hold(5, at(3)) // never backwards

  await hold(30, null, 'two')
  await begin(30, 1, 'two')

  expect(await gaps()).toEqual([{ from: 4, to: 30, reason: 'process_gone', became: 'waiting' }])
})

it('a gap that lasts while the process dies goes on', async () => {
  await begin(0)
  await end(5)

  await hold(30, null, 'two')
  await begin(31, 1, 'two')

  expect(await gaps()).toEqual([{ from: 5, to: 31, reason: 'closed_1006', became: 'waiting' }])
})

it('a process that has lost its lease says nothing any more', async () => {
  await begin(0)
  await hold(30, null, 'two')
  await begin(30, 1, 'two')

  expect(await end(31)).toBe(false)
  expect(await begin(32)).toBe(false)

  expect((await gaps()).map(({ to }) => to)).toEqual([30])
})

it('two losses in a row are one gap', async () => {
  await begin(0)
  await end(5)
  await end(6, 'closed_3000')

  expect(await gaps()).toEqual([{ from: 5, to: null, reason: 'closed_1006', became: 'lasts' }])
})

describe('what cannot be read any more', () => {
  it('a new login is not given what the older one missed, neither the last gap nor one that still waited', async () => {
    await begin(0)
    await end(1)
    await begin(2)
    await end(5, 'closed_3003')

    await begin(9, 2)
    await caughtUp(10, 2)

    expect(await gaps()).toEqual([
      { from: 1, to: 2, reason: 'closed_1006', became: 'new_login' },
      { from: 5, to: 9, reason: 'closed_3003', became: 'new_login' },
    ])
  })

  it('a gap of more than two weeks is not read to its end', async () => {
    await begin(0)
    await end(1)

    await begin(15 * 24 * 60)
    await caughtUp(15 * 24 * 60)

    expect(await gaps()).toMatchObject([{ became: 'too_long' }])
  })
})

it('only what lies within the period is listed', async () => {
  await begin(0)
  await end(1)
  await begin(2)
  await end(10)

  expect((await gapsSince(db, at(5))).map(({ beganAt }) => beganAt)).toEqual([at(10)])
})
