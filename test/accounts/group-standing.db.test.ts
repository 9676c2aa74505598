import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { groupsToLookAt, wantGroupLook, wantGroupLooks } from '../../src/accounts/group-looks.ts'
import {
  type GroupHappened,
  type GroupLook,
  GroupStanding,
  saveGroupHappened,
  saveGroupLook,
  standingAfter,
} from '../../src/accounts/group-standing.ts'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addGroup, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let accountId: AccountId
let externalId: string
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db, { platform: 'zalo' })
  externalId = await addGroup(db, accountId)
})

const later = (minutes: number): Date => plusMs(now, minutes * 60_000)
const left: GroupHappened = { happened: 'left', isLocked: null, hidesMembers: null }
const joined: GroupHappened = { ...left, happened: 'joined' }
const settings = (isLocked: boolean | null, hidesMembers: boolean | null = null): GroupHappened => ({
  happened: 'settings',
  isLocked,
  hidesMembers,
})
const happens = (told: GroupHappened, at: Date) =>
  transaction(db, 'record-events', (tx) => saveGroupHappened(tx, { accountId, externalId }, told, at, at))
const seen = (look: GroupLook | null, at: Date) =>
  transaction(db, 'save-group-look', (tx) => saveGroupLook(tx, { accountId, externalId }, look, at))
const group = () =>
  db
    .selectFrom('groups')
    .select(['standing', 'standingSince', 'membersHiddenSince'])
    .where('externalId', '=', externalId)
    .executeTakeFirstOrThrow()

describe('how a group stands after something happened', () => {
  it.each<[GroupStanding, GroupHappened, GroupStanding]>([
    ['open', settings(true), 'locked'],
    ['locked', settings(false), 'open'],
    ['locked', settings(null), 'locked'],
    ['locked', left, 'removed'],
    ['removed', settings(false), 'removed'],
    ['removed', joined, 'open'],
    ['locked', joined, 'locked'],
    ['dissolved', left, 'dissolved'],
    ['dissolved', joined, 'open'],
  ])('%s, %j → %s', (before, told, after) => {
    expect(standingAfter(before, told)).toBe(after)
  })

  it('nothing but coming back in opens what we are out of', () => {
    const told = fc.record({
      happened: fc.constantFrom<GroupHappened['happened']>('left', 'dissolved', 'settings'),
      isLocked: fc.option(fc.boolean()),
      hidesMembers: fc.option(fc.boolean()),
    })
    fc.assert(
      fc.property(fc.constantFrom<GroupStanding>('removed', 'dissolved'), fc.array(told), (before, all) => {
        expect(['removed', 'dissolved']).toContain(all.reduce<GroupStanding>(standingAfter, before))
      }),
    )
  })

  it('every standing may be written down', async () => {
    for (const standing of GroupStanding.options) {
      await db.updateTable('groups').set({ standing }).where('externalId', '=', externalId).execute()
      expect((await group()).standing).toBe(standing)
    }
  })
})

describe('what is told of a group', () => {
  it('is written down with the time it happened', async () => {
    await happens(settings(true, true), later(1))

    expect(await group()).toEqual({ standing: 'locked', standingSince: later(1), membersHiddenSince: later(1) })
  })

  it('again, changes no time', async () => {
    await happens(settings(true, true), later(1))
    await happens(settings(true, true), later(2))

    expect(await group()).toEqual({ standing: 'locked', standingSince: later(1), membersHiddenSince: later(1) })
  })

  it('and is older than what is known changes nothing', async () => {
    await happens(left, later(1))
    await happens(joined, later(2))
    await happens(left, later(1))

    expect(await group()).toMatchObject({ standing: 'open', standingSince: later(2) })
  })

  it('that nobody has declared is nothing', async () => {
    externalId = 'elsewhere'

    expect(await happens(left, now)).toBeNull()
  })
})

describe('what the platform says when it is asked', () => {
  it('is believed, also against what was told before', async () => {
    await happens(settings(true), later(1))
    await seen({ standing: 'open', hidesMembers: true }, later(2))

    expect(await group()).toEqual({ standing: 'open', standingSince: later(2), membersHiddenSince: later(2) })
  })

  it('is not believed against what happened since it was asked', async () => {
    await happens(left, later(2))
    await seen({ standing: 'open', hidesMembers: null }, later(1))

    expect(await group()).toMatchObject({ standing: 'removed', standingSince: later(2) })
  })

  it('that we are out of a dissolved group is no news', async () => {
    await happens({ ...left, happened: 'dissolved' }, later(1))
    await seen({ standing: 'removed', hidesMembers: null }, later(2))

    expect(await group()).toMatchObject({ standing: 'dissolved', standingSince: later(1) })
  })

  it('nothing of it, leaves it as it is', async () => {
    await happens(settings(true, true), later(1))
    await seen(null, later(2))

    expect(await group()).toEqual({ standing: 'locked', standingSince: later(1), membersHiddenSince: later(1) })
  })
})

describe('it is time to ask', () => {
  const every = { everyMs: 30 * 60_000, againMs: 60_000 }
  const due = (at: Date): Promise<string[]> => groupsToLookAt(db, accountId, at, every)

  it('when nobody has asked, when that is long ago, and not in between', async () => {
    expect(await due(now)).toEqual([externalId])
    await seen(null, now)
    expect(await due(later(29))).toEqual([])
    expect(await due(later(30))).toEqual([externalId])
  })

  it('soon after something happened or was refused there', async () => {
    await seen(null, now)
    await happens(settings(true), plusMs(now, 1_000))
    expect(await due(plusMs(now, 30_000))).toEqual([])
    expect(await due(later(1))).toEqual([externalId])
    await seen(null, later(1))
    expect(await due(later(3))).toEqual([])

    const refused = await addOutboxRow(db, { accountId, placeKind: 'group', placeId: externalId })
    await wantGroupLook(db, refused, later(3))

    expect(await due(later(3))).toEqual([externalId])
  })

  it('when the account was away', async () => {
    await seen(null, now)
    await wantGroupLooks(db, accountId, later(2))

    expect(await due(later(2))).toEqual([externalId])
  })

  it('of no other account’s groups, and not because of what went elsewhere', async () => {
    await seen(null, now)
    await wantGroupLook(db, await addOutboxRow(db, { accountId, placeKind: 'post', placeId: externalId }), later(3))

    expect(await due(later(5))).toEqual([])
    expect(await groupsToLookAt(db, await addAccount(db), later(5), every)).toEqual([])
  })
})
