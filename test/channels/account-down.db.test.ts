import { beforeEach, expect, it } from 'vitest'
import { getAccount } from '../../src/accounts/store.ts'
import { saveConnection } from '../../src/channels/account-down.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addGroup, addOfficer, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

let zalo: AccountId
let bot: AccountId
beforeEach(async () => {
  await emptyTables(db)
  const unit = await addUnit(db)
  zalo = await addAccount(db, { platform: 'zalo', unitId: unit, name: 'Mặt trận xã' })
  bot = await addAccount(db, { platform: 'zalo_bot', unitId: unit })
  await addGroup(db, zalo, { audience: 'officers' })
  const chats = [zalo, bot].map((accountId) => ({ accountId, externalId: 'hoa' }))
  await addOfficer(db, { duties: [{ unitId: unit }], chats })
})

const becomes = async (state: string): Promise<boolean> =>
  saveConnection(db, await getAccount(db, zalo), { state, reason: 'test' }, (_platform, { id }) => ({ chat: id }), now)
const told = () => db.selectFrom('outbox').select(['accountId', 'text']).where('kind', '=', 'notice').execute()

it.each(['needs_qr', 'suspended', 'evicted'])(
  'an account that is %s: officers are told once, by another account',
  async (state) => {
    expect(await becomes(state)).toBe(true)
    expect(await becomes(state)).toBe(false)

    expect(await told()).toEqual([{ accountId: bot, text: expect.stringContaining('“Mặt trận xã”') }])
  },
)

it('where only the account itself could tell, nothing is queued', async () => {
  await db.deleteFrom('officerIdentities').where('accountId', '=', bot).execute()

  expect(await becomes('evicted')).toBe(false)

  expect(await told()).toEqual([])
})

it.each(['reconnecting', 'connected'])('%s is no news', async (state) => {
  expect(await becomes(state)).toBe(false)

  expect((await db.selectFrom('accounts').select('state').where('id', '=', zalo).executeTakeFirstOrThrow()).state).toBe(
    state,
  )
  expect(await told()).toEqual([])
})
