import { beforeEach, expect, it } from 'vitest'
import { tellOfficialNews } from '../../src/channels/official-news.ts'
import type { AccountId, UnitId } from '../../src/lib/ids.ts'
import { addAccount, addOfficer, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

let unit: UnitId
let oa: AccountId
let bot: AccountId
beforeEach(async () => {
  await emptyTables(db)
  unit = await addUnit(db)
  oa = await addAccount(db, { platform: 'zalo_oa', unitId: unit, name: 'Mặt trận xã' })
  bot = await addAccount(db, { platform: 'zalo_bot', unitId: unit, name: 'Bot xã' })
  const chats = [oa, bot].map((accountId) => ({ accountId, externalId: 'hoa' }))
  await addOfficer(db, { duties: [{ unitId: unit }], chats })
})

const becomes = async (id: AccountId, state: string, stateReason: string): Promise<number> => {
  await db.updateTable('accounts').set({ state, stateReason }).where('id', '=', id).execute()
  return look()
}
const look = (): Promise<number> => tellOfficialNews(db, (_platform, { id }) => ({ chat: id }), now)
const told = () => db.selectFrom('outbox').select(['accountId', 'text']).where('kind', '=', 'notice').execute()

it('an OA that needs consent is told of once, by another account, and so is that it works again', async () => {
  expect(await becomes(oa, 'stopped', 'needs_consent')).toBe(1)
  expect(await look()).toBe(0)
  expect(await becomes(oa, 'unknown', 'repaired')).toBe(1)
  expect(await look()).toBe(0)

  const news = await told()
  expect(news).toHaveLength(2)
  const down = expect.stringContaining('Zalo OA “Mặt trận xã” cần người quản trị OA đồng ý')
  expect(news).toContainEqual({ accountId: bot, text: down })
  expect(news.map(({ text }) => text)).toContain('✅ Zalo OA “Mặt trận xã” đã hoạt động trở lại.')
})

it.each(['stopped', 'suspended', 'evicted'])('a bot that is %s is told of by the OA', async (state) => {
  expect(await becomes(bot, state, 'poll_401')).toBe(1)

  expect(await told()).toEqual([{ accountId: oa, text: expect.stringContaining('Zalo Bot “Bot xã”') }])
})

it('one trouble that shows itself in two ways is one', async () => {
  await becomes(bot, 'suspended', 'poll_401')

  expect(await becomes(bot, 'stopped', 'zalo_bot_401')).toBe(0)
})

it('where nobody can be reached otherwise it is told as soon as somebody can', async () => {
  await db.deleteFrom('officerIdentities').where('accountId', '=', bot).execute()
  expect(await becomes(oa, 'stopped', 'zalo_oa_-213')).toBe(0)

  await addOfficer(db, { duties: [{ unitId: unit }], chats: [{ accountId: bot, externalId: 'mai' }] })

  expect(await look()).toBe(1)
})

it.each(['reconnecting', 'connected', 'unknown'])('%s is no news', async (state) => {
  expect(await becomes(bot, state, 'test')).toBe(0)
})
