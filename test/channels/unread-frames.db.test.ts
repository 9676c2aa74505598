import { beforeEach, expect, it } from 'vitest'
import { getAccount } from '../../src/accounts/store.ts'
import { raiseUnread, unreadLately } from '../../src/channels/unread-frames.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addOfficer, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const hour = 3_600_000

let zalo: AccountId
beforeEach(async () => {
  await emptyTables(db)
  const unitId = await addUnit(db)
  zalo = await addAccount(db, { platform: 'zalo', unitId, name: 'Mặt trận xã' })
  await addOfficer(db, { duties: [{ unitId }], chats: [{ accountId: zalo, externalId: 'hoa' }] })
})

const raise = async (hours: number): Promise<boolean> =>
  raiseUnread(db, await getAccount(db, zalo), 551, (_platform, { id }) => ({ chat: id }), plusMs(now, hours * hour))

it('officers are told once a day, by the account itself if that is their way', async () => {
  expect(await raise(0)).toBe(true)
  expect(await raise(1)).toBe(false)
  expect(await raise(24)).toBe(true)

  const told = await db.selectFrom('outbox').select(['accountId', 'text']).execute()
  expect(told).toEqual([1, 2].map(() => ({ accountId: zalo, text: expect.stringContaining('cmd 551') })))
})

it('it stands for a day', async () => {
  await raise(0)

  expect([...(await unreadLately(db, plusMs(now, 23 * hour)))]).toEqual([[zalo, 'cmd 551']])
  expect([...(await unreadLately(db, plusMs(now, 25 * hour)))]).toEqual([])
})
