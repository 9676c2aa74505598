import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { assignCase } from '../../src/cases/assign.ts'
import { moveCase } from '../../src/cases/move.ts'
import { setConfidentiality } from '../../src/cases/restrict.ts'
import { appendHistory, findCaseByCode, findCaseByMessage, getCase, lockCase } from '../../src/cases/store.ts'
import { withdrawRemoved } from '../../src/cases/withdraw.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { CaseId, newId } from '../../src/lib/ids.ts'
import {
  addAccount,
  addCase,
  addEvent,
  addOfficer,
  addOutboxRow,
  addUnit,
  emptyTables,
  now,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

const later = plusMs(now, 1_000)
const move = (...[id, from, to]: [CaseId, 'received' | 'assigned', 'assigned']): Promise<boolean> =>
  db.transaction().execute((tx) => moveCase(tx, id, from as 'received', to, later))
const history = () => db.selectFrom('caseHistory').select(['what', 'details', 'actorOfficerId']).orderBy('id').execute()

describe('moving a case', () => {
  it('works from where the caller saw it, counts the version and says when', async () => {
    const { id } = await addCase(db)

    expect(await move(id, 'received', 'assigned')).toBe(true)

    expect(await getCase(db, id)).toMatchObject({ status: 'assigned', version: 2 })
    expect(await db.selectFrom('cases').select('changedAt').executeTakeFirst()).toEqual({ changedAt: later })
  })

  it('does nothing when somebody moved it first', async () => {
    const { id } = await addCase(db, { status: 'withdrawn' })

    expect(await move(id, 'received', 'assigned')).toBe(false)

    expect(await getCase(db, id)).toMatchObject({ status: 'withdrawn', version: 1 })
  })

  it('by ten at once is done by one', async () => {
    const { id } = await addCase(db)

    const moved = await Promise.all(Array.from({ length: 8 }, () => move(id, 'received', 'assigned')))

    expect(moved.filter(Boolean)).toHaveLength(1)
    expect(await getCase(db, id)).toMatchObject({ version: 2 })
  })
})

describe('assigning a case', () => {
  const assign = async (id: CaseId, duty = 'answers'): Promise<boolean> => {
    const unitId = await addUnit(db)
    return db.transaction().execute((tx) => assignCase(tx, id, { unitId, duty, ruleId: null }, now))
  }

  it('says whose it is from now on', async () => {
    const { id } = await addCase(db)

    expect(await assign(id, 'restricted_desk')).toBe(true)

    expect(await getCase(db, id)).toMatchObject({ status: 'assigned', assignedDuty: 'restricted_desk' })
    expect((await getCase(db, id)).assignedUnitId).not.toBeNull()
  })

  it('that is somebody’s already changes nothing', async () => {
    const { id } = await addCase(db)
    await assign(id)
    const before = await getCase(db, id)

    expect(await assign(id)).toBe(false)

    expect(await getCase(db, id)).toEqual(before)
  })
})

describe('who may read about a case', () => {
  const decide = async (id: CaseId, confidentiality: 'public' | 'restricted'): Promise<void> => {
    const officerId = await addOfficer(db)
    await db.transaction().execute((tx) => setConfidentiality(tx, id, confidentiality, { officerId }, now))
  }

  it('is a person’s decision, remembered with their name', async () => {
    const { id } = await addCase(db)

    await decide(id, 'restricted')

    expect(await getCase(db, id)).toMatchObject({
      confidentiality: 'restricted',
      confidentialityReason: 'decided_by_person',
      version: 2,
    })
    expect(await history()).toMatchObject([{ what: 'made_restricted', actorOfficerId: expect.any(String) }])
  })

  it('or follows from new words', async () => {
    const { id } = await addCase(db)

    await db.transaction().execute((tx) => setConfidentiality(tx, id, 'restricted', { reason: 'denunciation' }, now))

    expect(await getCase(db, id)).toMatchObject({ confidentialityReason: 'denunciation' })
    expect(await history()).toEqual([
      { what: 'made_restricted', actorOfficerId: null, details: { reason: 'denunciation' } },
    ])
  })

  it('restricted takes back what has not left; public gives nothing back', async () => {
    const about = await addCase(db)
    await addOutboxRow(db, { caseId: about.id, accountId: about.accountId })

    await decide(about.id, 'restricted')
    await decide(about.id, 'public')

    expect(await db.selectFrom('outbox').select(['state', 'errorCode']).execute()).toEqual([
      { state: 'cancelled', errorCode: 'restricted' },
    ])
    expect((await history()).map((entry) => entry.what)).toEqual(['made_restricted', 'made_public'])
  })
})

describe('a question that was taken back', () => {
  it.each(['received', 'assigned', 'answered'] as const)('%s: nothing more is said to who asked', async (status) => {
    const event = await addEvent(db, await addAccount(db), { messageId: '1_2' })
    const about = await addCase(db, { event, status })
    const same = { caseId: about.id, accountId: about.accountId }
    await addOutboxRow(db, { ...same, ordinal: 1 })
    await addOutboxRow(db, { ...same, audience: 'officer' })
    const removal = await addEvent(db, event.accountId, { kind: 'comment_remove', messageId: '1_2' })

    expect(await db.transaction().execute((tx) => withdrawRemoved(tx, removal, now))).toEqual([about.id])

    expect(await getCase(db, about.id)).toMatchObject({ status: 'withdrawn' })
    const rows = await db.selectFrom('outbox').select(['audience', 'state', 'errorCode']).orderBy('audience').execute()
    expect(rows).toEqual([
      { audience: 'officer', state: 'pending', errorCode: null },
      { audience: 'public', state: 'cancelled', errorCode: 'withdrawn' },
    ])
    expect((await history()).map((entry) => entry.what)).toEqual(['withdrawn'])
  })

  it.each(['published', 'closed', 'withdrawn'] as const)('%s: it is too late or over', async (status) => {
    const event = await addEvent(db, await addAccount(db), { messageId: '1_2' })
    const about = await addCase(db, { event, status })
    const removal = await addEvent(db, event.accountId, { kind: 'comment_remove', messageId: '1_2' })

    expect(await db.transaction().execute((tx) => withdrawRemoved(tx, removal, now))).toEqual([])

    expect(await getCase(db, about.id)).toMatchObject({ status })
  })

  it('with the post it stood under goes every question there, and none elsewhere', async () => {
    const accountId = await addAccount(db)
    const under = async (post: string) =>
      addCase(db, { event: await addEvent(db, accountId, { place: { kind: 'post', id: post } }) })
    const [one, two, elsewhere] = [await under('7'), await under('7'), await under('8')]
    const removal = await addEvent(db, accountId, { kind: 'post_remove', messageId: '7' })

    const withdrawn = await db.transaction().execute((tx) => withdrawRemoved(tx, removal, now))

    expect([...withdrawn].sort()).toEqual([one.id, two.id].sort())
    expect(await getCase(db, elsewhere.id)).toMatchObject({ status: 'received' })
  })

  it.each<[string, object]>([
    ['of something that is no case', { messageId: 'other' }],
    ['without an id', { messageId: null }],
  ])('a removal %s withdraws nothing', async (_what, given) => {
    const event = await addEvent(db, await addAccount(db), { messageId: '1_2' })
    await addCase(db, { event })
    const removal = await addEvent(db, event.accountId, { kind: 'comment_remove', ...given })

    expect(await db.transaction().execute((tx) => withdrawRemoved(tx, removal, now))).toEqual([])
  })

  it('what another account saw removed is another comment', async () => {
    const event = await addEvent(db, await addAccount(db), { messageId: '1_2' })
    await addCase(db, { event })
    const removal = await addEvent(db, await addAccount(db), { kind: 'comment_remove', messageId: '1_2' })

    expect(await db.transaction().execute((tx) => withdrawRemoved(tx, removal, now))).toEqual([])
  })
})

describe('finding a case', () => {
  it('by its code', async () => {
    const about = await addCase(db)

    expect(await findCaseByCode(db, about.code)).toEqual(about)
    expect(await findCaseByCode(db, 'DH-222-222')).toBeNull()
  })

  it('by the card that an officer quotes, as this account sees it', async () => {
    const about = await addCase(db)
    await addOutboxRow(db, { caseId: about.id, accountId: about.accountId, audience: 'officer', messageId: 'm7' })

    expect(await findCaseByMessage(db, about.accountId, 'm7')).toEqual(about)
    expect(await findCaseByMessage(db, await addAccount(db), 'm7')).toBeNull()
    expect(await findCaseByMessage(db, about.accountId, 'm8')).toBeNull()
  })

  it('that does not exist is an error', async () => {
    const nobody = newId(CaseId, now)

    await expect(getCase(db, nobody)).rejects.toThrow()
    await expect(db.transaction().execute((tx) => lockCase(tx, nobody))).rejects.toThrow()
  })

  it('locked makes others wait with their change', async () => {
    const { id } = await addCase(db)
    const held = Promise.withResolvers<void>()
    const inside = Promise.withResolvers<void>()
    const reader = db.transaction().execute(async (tx) => {
      await lockCase(tx, id)
      inside.resolve()
      await held.promise
      return (await getCase(tx, id)).status
    })
    await inside.promise

    const mover = move(id, 'received', 'assigned')
    held.resolve()

    expect(await reader).toBe('received')
    expect(await mover).toBe(true)
  })
})

describe('the walls of the database', () => {
  const refused = { code: '23000' }

  it.each(['update case_history set what = $$nothing$$', 'delete from case_history'])(
    'history is append-only: %s',
    async (statement) => {
      const { id } = await addCase(db)
      await db.transaction().execute((tx) => appendHistory(tx, { caseId: id, what: 'opened' }, now))

      await expect(sql.raw(statement).execute(db)).rejects.toMatchObject(refused)

      expect(await history()).toMatchObject([{ what: 'opened' }])
    },
  )

  it.each<[string, object]>([
    ['a code with a letter that no code has', { code: 'DH-0KM-3QP' }],
    ['a code without dashes', { code: 'DH7KM3QP' }],
    ['a status nobody knows', { status: 'lost' }],
    ['a confidentiality between the two', { confidentiality: 'internal' }],
    ['a kind nobody knows', { kind: 'rumour' }],
    ['a confidence above certainty', { confidence: 1.1 }],
    ['a place nobody knows', { placeKind: 'story' }],
  ])('%s is refused', async (_what, given) => {
    await expect(addCase(db, given)).rejects.toMatchObject({ code: '23514' })
  })

  it('a code is given once', async () => {
    const { code } = await addCase(db)

    await expect(addCase(db, { code })).rejects.toMatchObject({ code: '23505' })
  })

  it('one message is the origin of one case', async () => {
    const event = await addEvent(db, await addAccount(db))
    await addCase(db, { event })

    await expect(addCase(db, { event })).rejects.toMatchObject({ code: '23505' })
  })
})

it('every entry of history says when and what, and who where it was a person', async () => {
  const { id } = await addCase(db)
  const actorOfficerId = await addOfficer(db)

  await db.transaction().execute(async (tx) => {
    await appendHistory(tx, { caseId: id, what: 'routed', details: { because: 'no rule matched' } }, now)
    await appendHistory(tx, { caseId: id, what: 'answered', actorOfficerId }, now)
  })

  expect(await history()).toEqual([
    { what: 'routed', details: { because: 'no rule matched' }, actorOfficerId: null },
    { what: 'answered', details: {}, actorOfficerId },
  ])
})
