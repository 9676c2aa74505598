import { beforeEach, describe, expect, it } from 'vitest'
import type { AccountId, OutboxId } from '../../src/lib/ids.ts'
import { claimNext, nextDue } from '../../src/outbox/claim.ts'
import { groupOfRow } from '../../src/outbox/closed-group.ts'
import { addAccount, addGroup, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let accountId: AccountId
let group: string
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db, { platform: 'zalo' })
  group = await addGroup(db, accountId, { name: 'Nhóm xóm' })
})

const claim = () => claimNext(db, 'zalo', now, { leaseMs: 60_000, perDay: 100 })
const due = () => nextDue(db, 'zalo', now, 100)
const toGroup = (given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> =>
  addOutboxRow(db, { accountId, placeKind: 'group', placeId: group, ...given })
const stand = (standing: string) => db.updateTable('groups').set({ standing }).where('externalId', '=', group).execute()

describe('what goes to a group that is closed to us', () => {
  it.each(['locked', 'removed', 'dissolved'])('waits while it is %s, and goes once it is open', async (standing) => {
    const id = await toGroup()
    await stand(standing)
    expect([await claim(), await due()]).toEqual([null, null])

    await stand('open')

    expect(await due()).toEqual(now)
    expect((await claim())?.message.id).toBe(id)
  })

  it('waits also when it is for officers and urgent', async () => {
    await toGroup({ audience: 'officer', lane: 1 })
    await stand('removed')

    expect(await claim()).toBeNull()
  })

  it('holds up nothing else of the account', async () => {
    await toGroup({ lane: 1 })
    const other = await addOutboxRow(db, { accountId, placeKind: 'direct', placeId: group, lane: 3 })
    await stand('locked')

    expect(await due()).toEqual(now)
    expect((await claim())?.message.id).toBe(other)
  })

  it('is not mistaken for a group of the same id that another account sees', async () => {
    await addGroup(db, await addAccount(db, { platform: 'zalo' }), { externalId: group })
    const id = await toGroup()
    const elsewhere = db.updateTable('groups').set({ standing: 'locked' }).where('accountId', '!=', accountId)
    await elsewhere.execute()

    expect((await claim())?.message.id).toBe(id)
  })
})

describe('the group of a row', () => {
  it('is named with how it stands', async () => {
    const id = await toGroup()

    expect(await groupOfRow(db, id)).toEqual({ name: 'Nhóm xóm', standing: 'open', isInDoubt: false })
  })

  it('is in doubt from when it should be asked until it was', async () => {
    const id = await toGroup()
    const isInDoubt = async () => (await groupOfRow(db, id))?.isInDoubt
    await db.updateTable('groups').set({ lookWantedAt: now }).execute()
    expect(await isInDoubt()).toBe(true)

    await db.updateTable('groups').set({ lookedAt: now }).execute()

    expect(await isInDoubt()).toBe(false)
  })

  it('is none of a row that goes to a person, or to a group nobody has declared', async () => {
    expect(await groupOfRow(db, await toGroup({ placeKind: 'direct' }))).toBeNull()
    expect(await groupOfRow(db, await toGroup({ placeId: 'elsewhere' }))).toBeNull()
  })
})
