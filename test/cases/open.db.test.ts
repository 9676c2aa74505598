import { beforeEach, describe, expect, it } from 'vitest'
import { CaseStatus } from '../../src/cases/case.ts'
import { findContinued } from '../../src/cases/continued.ts'
import { addMessage, lockThread, openCase } from '../../src/cases/open.ts'
import { caseMessages, getCase } from '../../src/cases/store.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, CaseId } from '../../src/lib/ids.ts'
import type { Confidentiality } from '../../src/understanding/confidentiality.ts'
import { addAccount, addCase, addEvent, emptyTables, label, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let accountId: AccountId
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db)
})

const open: Confidentiality = { confidentiality: 'public', reason: 'ordinary' }
const kept: Confidentiality = { confidentiality: 'restricted', reason: 'denunciation' }

function openFrom(event: StoredEvent, given: { label?: object; who?: Confidentiality; words?: string | null } = {}) {
  const words = given.words === undefined ? 'Đã nhận.' : given.words
  return db
    .transaction()
    .execute((tx) =>
      openCase(
        tx,
        event,
        label(given.label),
        given.who ?? open,
        words === null ? null : { by: 'words', words: () => words },
        now,
      ),
    )
}

const outbox = () => db.selectFrom('outbox').selectAll().execute()

describe('opening a case', () => {
  it('keeps what was understood, where it was written and whose it is', async () => {
    const event = await addEvent(db, accountId, { place: { kind: 'group', id: 'minh-son' } })

    const id = await openFrom(event, { label: { kind: 'feedback', urgent: true } })

    expect(id === null ? null : await getCase(db, id)).toMatchObject({
      unitId: event.unitId,
      accountId,
      confidentiality: 'public',
      confidentialityReason: 'ordinary',
      status: 'received',
      version: 1,
      kind: 'feedback',
      urgent: true,
      originEventId: event.id,
      placeKind: 'group',
      assignedUnitId: null,
    })
  })

  it('keeps the message with it, and why it was taken as it was', async () => {
    const event = await addEvent(db, accountId)

    const id = await openFrom(event, { label: { confidence: 0.75, because: ['thu tuc'] } })

    const messages = id === null ? [] : await caseMessages(db, id)
    expect(messages).toMatchObject([{ text: event.text, authorName: event.authorName }])
    const history = await db.selectFrom('caseHistory').select(['what', 'details', 'actorOfficerId']).execute()
    expect(history).toEqual([
      {
        what: 'opened',
        actorOfficerId: null,
        details: {
          kind: 'question',
          confidence: 0.75,
          urgent: false,
          because: ['thu tuc'],
          confidentiality: 'public',
          reason: 'ordinary',
        },
      },
    ])
  })

  it('twice from one message is one case, and the second asker is told so', async () => {
    const event = await addEvent(db, accountId)

    expect(await openFrom(event)).not.toBeNull()
    expect(await openFrom(event)).toBeNull()

    expect(await db.selectFrom('cases').select('id').execute()).toHaveLength(1)
    expect(await outbox()).toHaveLength(1)
  })

  it('five times at once from one message is one case', async () => {
    const event = await addEvent(db, accountId)

    const ids = await Promise.all(Array.from({ length: 5 }, () => openFrom(event)))

    expect(ids.filter((id) => id !== null)).toHaveLength(1)
    expect(await outbox()).toHaveLength(1)
  })
})

describe('the acknowledgement', () => {
  it('of a comment goes out in public, under the comment, signed with the code', async () => {
    const event = await addEvent(db, accountId, { address: { type: 'comment', commentId: '1_2' } })

    const id = await openFrom(event, { words: 'Đã nhận.' })

    const { code } = await getCase(db, id ?? JSON.parse('null'))
    expect(await outbox()).toMatchObject([
      {
        caseId: id,
        kind: 'acknowledgement',
        audience: 'public',
        originId: event.id,
        address: { type: 'comment', commentId: '1_2' },
        placeKind: 'post',
        lane: 3,
        text: `Đã nhận.\n\nMã: ${code} · 1`,
      },
    ])
  })

  it('of a private message goes to its author alone', async () => {
    await openFrom(await addEvent(db, accountId, { place: { kind: 'direct', id: 'lan' } }))

    expect(await outbox()).toMatchObject([{ audience: 'resident', placeKind: 'direct', placeId: 'lan' }])
  })

  it.each<[string, Parameters<typeof openFrom>[1], object | undefined]>([
    ['of a restricted case', { who: kept }, undefined],
    ['where none is wanted', { words: null }, undefined],
    ['of a message that cannot be replied to', {}, { address: null }],
  ])('is not said %s', async (_why, given, event) => {
    await openFrom(await addEvent(db, accountId, event), given)

    expect(await outbox()).toEqual([])
  })
})

describe('the case that a message continues', () => {
  const same = { threadKey: 'thread', authorId: 'lan' }
  const continued = async (given: object = {}): Promise<CaseId | null> => {
    const event = await addEvent(db, accountId, { ...same, ...given })
    return db.transaction().execute((tx) => findContinued(tx, event))
  }
  const opened = async (given: object = {}, event: object = {}) =>
    addCase(db, { event: await addEvent(db, accountId, { ...same, ...event }), ...given })

  it.each(CaseStatus.options)('%s: continued while something is owed', async (status) => {
    const { id } = await opened({ status })

    const isOpen = status === 'received' || status === 'assigned' || status === 'answered'
    expect(await continued()).toBe(isOpen ? id : null)
  })

  it.each<[string, object]>([
    ['another person’s', { authorId: 'binh' }],
    ['in another thread', { threadKey: 'elsewhere' }],
    ['by nobody known', { authorId: null }],
  ])('%s message continues none', async (_what, given) => {
    await opened()

    expect(await continued(given)).toBeNull()
  })

  it('is none of another account', async () => {
    const other = await addAccount(db)
    await addCase(db, { event: await addEvent(db, other, same) })

    expect(await continued()).toBeNull()
  })

  it('of several is the latest', async () => {
    await opened({ openedAt: plusMs(now, -1) })
    const { id } = await opened({ openedAt: now })

    expect(await continued()).toBe(id)
  })

  it('a restricted one is continued too', async () => {
    const { id } = await opened({ confidentiality: 'restricted' })

    expect(await continued()).toBe(id)
  })
})

describe('messages of a case', () => {
  it('stand in the order in which they were written, whatever order they came in', async () => {
    const about = await addCase(db, {
      accountId,
      event: await addEvent(db, accountId, { text: 'hai', occurredAt: now }),
    })
    const earlier = await addEvent(db, accountId, { text: 'một', occurredAt: plusMs(now, -5) })
    await db.transaction().execute((tx) => addMessage(tx, about.id, earlier, now))

    expect((await caseMessages(db, about.id)).map((message) => message.text)).toEqual(['một', 'hai'])
  })

  it('of one moment, as platforms that count in seconds have them, stand in the order in which they were added', async () => {
    const about = await addCase(db, { accountId, event: await addEvent(db, accountId, { text: '0' }) })
    for (const nth of [1, 2, 3, 4, 5]) {
      const event = await addEvent(db, accountId, { text: String(nth) })
      await db.transaction().execute((tx) => addMessage(tx, about.id, event, plusMs(now, nth)))
    }

    expect((await caseMessages(db, about.id)).map((message) => message.text).join('')).toBe('012345')
  })

  it('one message belongs to one case', async () => {
    const event = await addEvent(db, accountId)
    await addCase(db, { event })
    const other = await addCase(db, { accountId })

    const twice = db.transaction().execute((tx) => addMessage(tx, other.id, event, now))

    await expect(twice).rejects.toMatchObject({ code: '23505' })
  })
})

it('one person’s messages in a thread are looked at one after the other, those of others beside them', async () => {
  const mine = await addEvent(db, accountId, { threadKey: 't', authorId: 'lan' })
  const alsoMine = await addEvent(db, accountId, { threadKey: 't', authorId: 'lan' })
  const others = await addEvent(db, accountId, { threadKey: 't', authorId: 'binh' })
  const order: string[] = []
  const held = Promise.withResolvers<void>()
  const inside = Promise.withResolvers<void>()
  const first = db.transaction().execute(async (tx) => {
    await lockThread(tx, mine)
    inside.resolve()
    await held.promise
    order.push('first')
  })
  await inside.promise

  const second = db.transaction().execute(async (tx) => {
    await lockThread(tx, alsoMine)
    order.push('second')
  })
  await db.transaction().execute(async (tx) => {
    await lockThread(tx, others)
    order.push('others')
  })
  held.resolve()
  await Promise.all([first, second])

  expect(order).toEqual(['others', 'first', 'second'])
})
