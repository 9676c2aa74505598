import { beforeEach, describe, expect, it } from 'vitest'
import { type Tx, transaction } from '../../src/db/client.ts'
import type { Place } from '../../src/intake/event.ts'
import { everywhere, type Scope } from '../../src/publishing/change.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import { listModes, modeOf, setMode } from '../../src/publishing/modes.ts'
import { addAccount, addGroup, addOffice, addUnit, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const post: Place = { kind: 'post', id: '1' }
const by = { actor: 'test' }

function set(about: Scope, mode: PublishingMode | null, reason: string | null = null): Promise<boolean> {
  return transaction(db, 'switch-publishing', (tx: Tx) => setMode(tx, about, mode, { by, reason }, now))
}

const pageMode = (): Promise<PublishingMode> =>
  modeOf(db, { accountId: office.page, unitId: office.commune, place: post })

async function groupId(): Promise<string> {
  const group = db.selectFrom('groups').select('id').where('externalId', '=', office.residentsGroup)
  return (await group.executeTakeFirstOrThrow()).id
}

describe('a message is held by what is said of', () => {
  it.each<[string, () => Promise<Scope> | Scope]>([
    ['the installation', () => everywhere],
    ['its unit', () => ({ scope: 'unit', unitId: office.commune })],
    ['a unit above', () => ({ scope: 'unit', unitId: office.province })],
    ['its account', () => ({ scope: 'account', accountId: office.page })],
  ])('%s', async (_what, about) => {
    expect(await pageMode()).toBe('publish')

    await set(await about(), 'listen_only')

    expect(await pageMode()).toBe('listen_only')
  })

  it('the group it stands in, and by that of no other place', async () => {
    await set({ scope: 'group', groupId: await groupId() }, 'approve_all')

    const { zalo: accountId, commune: unitId, residentsGroup, officersGroup } = office
    const there = await modeOf(db, { accountId, unitId, place: { kind: 'group', id: residentsGroup } })
    const elsewhere = await modeOf(db, { accountId, unitId, place: { kind: 'group', id: officersGroup } })
    const inChat = await modeOf(db, { accountId, unitId, place: { kind: 'direct', id: residentsGroup } })
    expect([there, elsewhere, inChat]).toEqual(['approve_all', 'publish', 'publish'])
  })
})

describe('a message is not held by what is said of', () => {
  it('another account, another commune, or a unit below', async () => {
    const neighbour = await addUnit(db, { parentId: office.province })
    const area = await addUnit(db, { parentId: office.commune, kind: 'area' })
    await set({ scope: 'account', accountId: office.zalo }, 'listen_only')
    await set({ scope: 'unit', unitId: neighbour }, 'listen_only')
    await set({ scope: 'unit', unitId: area }, 'listen_only')

    expect(await pageMode()).toBe('publish')
  })

  it('a group of the same id that another account sees', async () => {
    const other = await addAccount(db, { platform: 'zalo', unitId: office.commune })
    await addGroup(db, other, { externalId: 'same' })
    await addGroup(db, office.zalo, { externalId: 'same' })
    const { id } = await db.selectFrom('groups').select('id').where('accountId', '=', other).executeTakeFirstOrThrow()
    await set({ scope: 'group', groupId: id }, 'listen_only')

    const place: Place = { kind: 'group', id: 'same' }
    expect(await modeOf(db, { accountId: office.zalo, unitId: office.commune, place })).toBe('publish')
  })
})

describe('a change of mode', () => {
  it('is written down with who, when and why, and the latest holds', async () => {
    const about = { scope: 'account', accountId: office.page } as const

    expect(await set(about, 'listen_only', 'thí điểm')).toBe(true)
    expect(await set(about, 'listen_only')).toBe(false)
    expect(await set(about, 'approve_all')).toBe(true)

    expect(await pageMode()).toBe('approve_all')
    const written = await db
      .selectFrom('publishingChanges')
      .select(['at', 'what', 'mode', 'actor', 'reason'])
      .where('accountId', '=', office.page)
      .where('reason', 'is not', null)
      .execute()
    expect(written).toEqual([{ at: now, what: 'mode', mode: 'listen_only', actor: 'test', reason: 'thí điểm' }])
  })

  it('can take the word of a scope back; of an account that is the pilot again', async () => {
    await set(everywhere, 'listen_only')
    await set(everywhere, null)
    expect(await pageMode()).toBe('publish')

    await set({ scope: 'account', accountId: office.page }, null)
    expect(await pageMode()).toBe('approve_all')
  })

  it('once written is never changed or deleted', async () => {
    await expect(db.updateTable('publishingChanges').set({ reason: 'x' }).execute()).rejects.toMatchObject({
      code: '23000',
    })
    await expect(db.deleteFrom('publishingChanges').execute()).rejects.toMatchObject({ code: '23000' })
  })

  it('waits for the claims that are just being made, and the next claims wait for it', async () => {
    const { shareGate } = await import('../../src/publishing/gate.ts')
    const shared = Promise.withResolvers<void>()
    const commit = Promise.withResolvers<void>()
    const order: string[] = []
    const claiming = db.transaction().execute(async (tx) => {
      await shareGate(tx)
      shared.resolve()
      await commit.promise
      order.push('claimed')
    })
    await shared.promise

    const changing = set(everywhere, 'listen_only').then(() => order.push('changed'))
    commit.resolve()
    await Promise.all([claiming, changing])

    expect(order).toEqual(['claimed', 'changed'])
  })
})

it('the list says what holds for every account, also where nobody has said anything', async () => {
  await set(everywhere, 'approve_all')
  await set({ scope: 'unit', unitId: office.province }, 'publish')
  await set({ scope: 'account', accountId: office.page }, null)

  const said = (await listModes(db)).map(({ scope, mode, accountId }) => [scope, mode, accountId])
  expect(said).toContainEqual(['installation', 'approve_all', null])
  expect(said).toContainEqual(['unit', 'publish', null])
  expect(said).toContainEqual(['account', 'approve_all', office.page])
  expect(said).toContainEqual(['account', 'publish', office.zalo])
})
