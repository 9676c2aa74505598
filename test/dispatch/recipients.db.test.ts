import { beforeEach, expect, it } from 'vitest'
import { saveState } from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import { type WorkChat, workChats } from '../../src/dispatch/recipients.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, UnitId } from '../../src/lib/ids.ts'
import { addAccount, addGroup, addOfficer, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

let unit: UnitId
let zalo: AccountId
let bot: AccountId
let group: string
beforeEach(async () => {
  await emptyTables(db)
  unit = await addUnit(db)
  zalo = await addAccount(db, { platform: 'zalo', unitId: unit })
  bot = await addAccount(db, { platform: 'zalo_bot', unitId: unit })
  group = await addGroup(db, zalo, { audience: 'officers' })
  await addOfficer(db, {
    name: 'Phan Thị Hoa',
    duties: [{ unitId: unit }],
    chats: [
      { accountId: bot, externalId: 'hoa-bot', boundAt: plusMs(now, -2) },
      { accountId: zalo, externalId: 'hoa', boundAt: plusMs(now, -1) },
    ],
  })
  await addOfficer(db, {
    name: 'Lê Văn Tâm',
    duties: [{ unitId: unit }],
    chats: [{ accountId: zalo, externalId: 'tam' }],
  })
})

const reached = (isPublic = true): Promise<WorkChat[]> =>
  transaction(db, 'route-case', (tx) => workChats(tx, unit, 'answers', isPublic, now))
const inGroup = (): WorkChat => ({ accountId: zalo, place: { kind: 'group', id: group } })
const alone = (accountId: AccountId, id: string): WorkChat => ({ accountId, place: { kind: 'direct', id } })

it('everybody may read it: the officers’ group', async () => {
  expect(await reached()).toEqual([inGroup()])
})

it('not everybody may: each officer in the chat that was bound last', async () => {
  expect(await reached(false)).toEqual(expect.arrayContaining([alone(zalo, 'hoa'), alone(zalo, 'tam')]))
})

it.each(['needs_qr', 'suspended', 'stopped'])(
  'the group’s account is %s: who can be reached by another is',
  async (state) => {
    await saveState(db, zalo, state, 'test', now)

    expect(await reached()).toEqual([alone(bot, 'hoa-bot')])
    expect(await reached(false)).toEqual(expect.arrayContaining([alone(bot, 'hoa-bot'), alone(zalo, 'tam')]))
  },
)

it.each(['reconnecting', 'evicted'])('an account that is %s comes back by itself and is waited for', async (state) => {
  await saveState(db, zalo, state, 'test', now)

  expect(await reached()).toEqual([inGroup()])
})

it('no other way either: what is public waits for the group', async () => {
  await saveState(db, zalo, 'needs_qr', 'test', now)
  await saveState(db, bot, 'stopped', 'test', now)

  expect(await reached()).toEqual([inGroup()])
})
