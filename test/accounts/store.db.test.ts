import { beforeEach, describe, expect, it } from 'vitest'
import { findGroup } from '../../src/accounts/groups.ts'
import {
  catchUpWanted,
  findAccount,
  findOfficer,
  getAccount,
  listAccounts,
  officerChats,
  officersGroups,
  openSecret,
  saveCaughtUp,
  saveLogin,
  saveRefreshed,
  saveState,
  wantCatchUp,
} from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { AccountId, newId } from '../../src/lib/ids.ts'
import { type KeyRing, SealBrokenError } from '../../src/lib/secrets.ts'
import { addAccount, addGroup, addOfficer, addUnit, emptyTables, keyRing, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))
const later = (ms: number): Date => plusMs(now, ms)

describe('finding an account', () => {
  it('by platform and the platform’s own id', async () => {
    const unitId = await addUnit(db)
    const id = await addAccount(db, { unitId, externalId: '101', name: 'MTTQ xã Cát Ngạn' })

    const expected = { id, platform: 'facebook', externalId: '101', unitId, name: 'MTTQ xã Cát Ngạn', loginNumber: 0 }
    expect(await findAccount(db, 'facebook', '101')).toEqual(expected)
    expect(await getAccount(db, id)).toEqual(expected)
  })

  it('the same id on another platform is another account', async () => {
    await addAccount(db, { platform: 'facebook', externalId: '101' })

    expect(await findAccount(db, 'zalo', '101')).toBeNull()
  })

  it('a Page that is not ours is nobody', async () => {
    expect(await findAccount(db, 'facebook', '999')).toBeNull()
    await expect(getAccount(db, newId(AccountId, now))).rejects.toThrow()
  })

  it('one account cannot be entered twice', async () => {
    await addAccount(db, { externalId: '101' })

    await expect(addAccount(db, { externalId: '101' })).rejects.toMatchObject({ code: '23505' })
  })

  it('lists those of one platform by name', async () => {
    await addAccount(db, { platform: 'zalo', name: 'Yên Khê' })
    await addAccount(db, { platform: 'zalo', name: 'Cát Ngạn' })
    await addAccount(db, { platform: 'facebook', name: 'Bình Chuẩn' })

    expect((await listAccounts(db, 'zalo')).map((account) => account.name)).toEqual(['Cát Ngạn', 'Yên Khê'])
  })
})

describe('the secret of an account', () => {
  it('is opened as it was saved', async () => {
    const id = await addAccount(db)
    await saveLogin(db, keyRing, id, 'EAAB-new-token')

    expect(await openSecret(db, keyRing, id)).toBe('EAAB-new-token')
  })

  it('is never in the database in the clear', async () => {
    const id = await addAccount(db)
    await saveLogin(db, keyRing, id, 'EAAB-new-token')

    const { secret } = await db.selectFrom('accounts').select('secret').where('id', '=', id).executeTakeFirstOrThrow()
    expect(secret.toString('latin1')).not.toContain('EAAB-new-token')
  })

  it('moved to another account does not open there', async () => {
    const [mine, other] = [await addAccount(db), await addAccount(db)]
    await db
      .updateTable('accounts')
      .set((set) => ({ secret: set.selectFrom('accounts').select('secret').where('id', '=', mine) }))
      .where('id', '=', other)
      .execute()

    await expect(openSecret(db, keyRing, other)).rejects.toThrow(SealBrokenError)
  })

  it('does not open with another key', async () => {
    const id = await addAccount(db)
    const other: KeyRing = [Buffer.alloc(32, 8)]

    await expect(openSecret(db, other, id)).rejects.toThrow(SealBrokenError)
  })

  it('that refreshed itself is kept', async () => {
    const id = await addAccount(db)
    const account = await getAccount(db, id)

    await transaction(db, 'save-session', (tx) => saveRefreshed(tx, keyRing, account, 'cookies-2'))

    expect(await openSecret(db, keyRing, id)).toBe('cookies-2')
  })

  it('of an older login does not replace that of a newer one', async () => {
    const id = await addAccount(db)
    const before = await getAccount(db, id)
    await saveLogin(db, keyRing, id, 'new-login')

    await transaction(db, 'save-session', (tx) => saveRefreshed(tx, keyRing, before, 'old-cookies'))

    expect(await openSecret(db, keyRing, id)).toBe('new-login')
    expect((await getAccount(db, id)).loginNumber).toBe(1)
  })
})

describe('the state of an account', () => {
  it('is kept with its reason and since when', async () => {
    const id = await addAccount(db, { platform: 'zalo' })

    await saveState(db, id, 'needs_qr', 'cookie_refused', later(5))

    const kept = await db
      .selectFrom('accounts')
      .select(['state', 'stateReason', 'stateChangedAt'])
      .where('id', '=', id)
      .executeTakeFirst()
    expect(kept).toEqual({ state: 'needs_qr', stateReason: 'cookie_refused', stateChangedAt: later(5) })
  })

  it('that nobody knows is refused', async () => {
    const id = await addAccount(db)

    await expect(saveState(db, id, 'sleeping', '', now)).rejects.toMatchObject({ code: '23514' })
  })
})

describe('catching up', () => {
  it.each<[string, number | null, number | null, number | null]>([
    ['nobody asked', null, null, null],
    ['nobody asked since', null, 10, null],
    ['asked and never caught up', 10, null, 10],
    ['asked after the last one', 10, 5, 10],
    ['asked before the last one', 5, 10, null],
    ['asked at the very moment of the last one', 5, 5, null],
  ])('%s', async (_fact, askedMs, caughtUpMs, wantedMs) => {
    const id = await addAccount(db, { platform: 'zalo' })
    if (askedMs !== null) await wantCatchUp(db, id, later(askedMs))
    if (caughtUpMs !== null) await saveCaughtUp(db, id, later(caughtUpMs))

    expect(await catchUpWanted(db, id)).toEqual(wantedMs === null ? null : later(wantedMs))
  })

  it('never goes back: an answer that comes late changes nothing', async () => {
    const id = await addAccount(db, { platform: 'zalo' })
    await saveCaughtUp(db, id, later(10))

    await saveCaughtUp(db, id, later(5))

    const { caughtUpAt } = await db
      .selectFrom('accounts')
      .select('caughtUpAt')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(caughtUpAt).toEqual(later(10))
  })
})

describe('groups', () => {
  it('a group is known to the account that is in it', async () => {
    const id = await addAccount(db, { platform: 'zalo' })
    const unitId = await addUnit(db)
    const externalId = await addGroup(db, id, { unitId, audience: 'residents', listen: 'every_message' })

    expect(await findGroup(db, id, externalId)).toEqual({
      externalId,
      unitId,
      audience: 'residents',
      listen: 'every_message',
      keywords: [],
    })
  })

  it('the same id seen by another account is another group', async () => {
    const [one, other] = [await addAccount(db, { platform: 'zalo' }), await addAccount(db, { platform: 'zalo' })]
    await addGroup(db, one, { externalId: 'minh-son' })

    expect(await findGroup(db, other, 'minh-son')).toBeNull()
  })

  it('officers’ groups of a unit, and no residents’ group among them', async () => {
    const id = await addAccount(db, { platform: 'zalo' })
    const unitId = await addUnit(db)
    await addGroup(db, id, { unitId, audience: 'residents' })
    const second = await addGroup(db, id, { unitId, audience: 'officers', name: 'B' })
    const first = await addGroup(db, id, { unitId, audience: 'officers', name: 'A' })
    await addGroup(db, id, { unitId: await addUnit(db), audience: 'officers' })

    expect(await officersGroups(db, unitId)).toEqual([
      { accountId: id, externalId: first, isOpen: true },
      { accountId: id, externalId: second, isOpen: true },
    ])
  })
})

describe('officers in chat', () => {
  it('a stranger is no officer', async () => {
    expect(await findOfficer(db, await addAccount(db), 'stranger')).toBeNull()
  })

  it('is reached first where they were bound last', async () => {
    const [page, zalo] = [await addAccount(db), await addAccount(db, { platform: 'zalo' })]
    const officerId = await addOfficer(db, {
      chats: [
        { accountId: page, externalId: 'old', boundAt: now },
        { accountId: zalo, externalId: 'new', boundAt: later(1) },
      ],
    })

    expect(await officerChats(db, officerId)).toEqual([
      { accountId: zalo, externalId: 'new', isOpen: true },
      { accountId: page, externalId: 'old', isOpen: true },
    ])
  })
})
