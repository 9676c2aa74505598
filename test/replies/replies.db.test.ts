import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, getCase } from '../../src/cases/store.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { OutboxId } from '../../src/lib/ids.ts'
import { confirmEffect } from '../../src/replies/confirm.ts'
import { tellOfTrouble } from '../../src/replies/give-up.ts'
import { markAnsweredOutside } from '../../src/replies/outside.ts'
import { markAnswerRemoved } from '../../src/replies/removed.ts'
import { settleByHand } from '../../src/replies/settle-by-hand.ts'
import {
  addAssignedCase,
  addEvent,
  addOffice,
  addOutboxRow,
  addRouted,
  emptyTables,
  now,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { facebookMeans } from '../support/means.ts'

const { db } = await testDatabase()
let office: TestOffice
let about: Case
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  const event = await addEvent(db, office.page, {
    messageId: '1_2',
    threadKey: 'thread',
    address: { commentId: '1_2' },
  })
  about = await addAssignedCase(db, office.commune, { event })
  await addRouted(db, about, {
    accountId: office.zalo,
    unitId: office.commune,
    place: { kind: 'group', id: office.officersGroup },
    messageId: 'card',
  })
})

/** An officer answers in the group; the row that is owed to the public now. */
async function answered(): Promise<OutboxId> {
  const message = await addEvent(db, office.zalo, {
    place: { kind: 'group', id: office.officersGroup },
    authorId: 'hoa',
    text: 'Cần CCCD.',
    quotedMessageId: 'card',
  })
  await executeMessage(db, office.hoa, message, async () => facebookMeans, now)
  const { id } = await db.selectFrom('outbox').select('id').where('kind', '=', 'answer').executeTakeFirstOrThrow()
  return id
}

async function become(id: OutboxId, ...states: string[]): Promise<void> {
  for (const state of states) await db.updateTable('outbox').set({ state }).where('id', '=', id).execute()
}

const caseNow = () => getCase(db, about.id)
const stateOf = async (id: OutboxId) =>
  (await db.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const notices = async (): Promise<string[]> => {
  const rows = await db.selectFrom('outbox').select('text').where('kind', '=', 'notice').execute()
  return rows.map((row) => row.text)
}
const history = async (): Promise<string[]> => {
  const rows = await db.selectFrom('caseHistory').select('what').orderBy('id').execute()
  return rows.map((row) => row.what)
}

describe('an answer that is known to stand', () => {
  const confirm = (id: OutboxId): Promise<boolean> =>
    db.transaction().execute((tx) => confirmEffect(tx, id, '1_9', now))

  it('publishes its case and tells who gave it, where it was given', async () => {
    const id = await answered()
    await become(id, 'sending', 'sent')

    expect(await confirm(id)).toBe(true)

    expect(await caseNow()).toMatchObject({ status: 'published' })
    expect(await history()).toEqual(['answered', 'published'])
    const [notice] = await db.selectFrom('outbox').selectAll().where('kind', '=', 'notice').execute()
    expect(notice).toMatchObject({
      originId: id,
      placeId: office.officersGroup,
      text: `✅ Câu trả lời đã hiện công khai · ${about.code}`,
    })
  })

  it('is told once, however often it is seen', async () => {
    const id = await answered()
    await become(id, 'sending', 'sent')

    const confirmed = await Promise.all([confirm(id), confirm(id), confirm(id)])

    expect(confirmed.filter(Boolean)).toHaveLength(1)
    expect(await notices()).toHaveLength(1)
    expect(await history()).toEqual(['answered', 'published'])
  })

  it.each(['pending', 'cancelled', 'rejected'])('is none that is %s', async (state) => {
    const id = await addOutboxRow(db, { caseId: about.id, accountId: office.page, state })

    expect(await confirm(id)).toBe(false)

    expect(await caseNow()).toMatchObject({ status: 'assigned' })
  })

  it('of a case that was withdrawn meanwhile does not bring it back', async () => {
    const id = await answered()
    await become(id, 'sending')
    await db.updateTable('cases').set({ status: 'withdrawn' }).execute()

    expect(await confirm(id)).toBe(true)

    expect(await caseNow()).toMatchObject({ status: 'withdrawn' })
  })

  it.each([
    ['acknowledgement', 'acknowledged'],
    ['card', 'card_delivered'],
  ])('a confirmed %s is noted as "%s" and moves nothing', async (kind, what) => {
    const isCard = kind === 'card'
    const id = await addOutboxRow(db, {
      caseId: about.id,
      accountId: office.page,
      kind,
      state: 'sent',
      audience: isCard ? 'officer' : 'public',
    })

    expect(await confirm(id)).toBe(true)

    expect(await history()).toEqual([what])
    expect(await caseNow()).toEqual(about)
    expect(await notices()).toEqual([])
  })
})

describe('an answer that does not arrive', () => {
  const tell = (id: OutboxId, trouble: 'needs_person' | 'rejected'): Promise<void> =>
    db.transaction().execute((tx) => tellOfTrouble(tx, id, trouble, now))

  it('and nobody can know: a person is asked to look', async () => {
    const id = await answered()
    await become(id, 'sending', 'unknown', 'needs_person')

    await tell(id, 'needs_person')

    expect(await notices()).toEqual([expect.stringContaining('Chưa rõ câu trả lời')])
    expect(await caseNow()).toMatchObject({ status: 'answered' })
  })

  it('is told of each time, and of its arrival after that', async () => {
    const id = await answered()
    await become(id, 'sending', 'unknown', 'needs_person')
    await tell(id, 'needs_person')
    await become(id, 'pending', 'sending', 'unknown', 'needs_person')
    await db.updateTable('outbox').set({ attempts: 1 }).where('id', '=', id).execute()
    await tell(id, 'needs_person')

    await db.transaction().execute((tx) => confirmEffect(tx, id, '1_9', now))

    expect(await notices()).toEqual([
      expect.stringContaining('Chưa rõ câu trả lời'),
      expect.stringContaining('Chưa rõ câu trả lời'),
      expect.stringContaining('✅'),
    ])
  })

  it.each<[string, 'needs_person' | 'rejected', string]>([
    ['delete', 'rejected', 'Chưa gỡ được bài'],
    ['delete', 'needs_person', 'Chưa rõ'],
    ['edit', 'rejected', 'Chưa sửa được bài'],
    ['edit', 'needs_person', 'Chưa rõ'],
  ])('%s of a post without a case, %s: who ordered it is told', async (kind, trouble, words) => {
    const ordered = await addEvent(db, office.zalo, {
      place: { kind: 'group', id: office.officersGroup },
      authorId: 'hoa',
      address: { chat: office.officersGroup },
    })
    const none = { accountId: office.page, caseId: about.id, ordinal: null, originId: ordered.id } as const
    const isDelete = kind === 'delete'
    const id = await addOutboxRow(db, {
      ...none,
      kind,
      audience: isDelete ? 'moderation' : 'public',
      text: isDelete ? '' : 'Lời khác',
      targetId: '1_9',
      state: 'needs_person',
    })
    await db.updateTable('outbox').set({ caseId: null }).where('id', '=', id).execute()

    await tell(id, trouble)

    expect(await notices()).toEqual([expect.stringContaining(words)])
  })

  it('because the platform will not take it: who has the case may answer again', async () => {
    const id = await answered()
    await become(id, 'sending', 'rejected')

    await tell(id, 'rejected')

    expect(await notices()).toEqual([expect.stringContaining('Nền tảng không nhận câu trả lời')])
    expect(await caseNow()).toMatchObject({ status: 'assigned' })
    expect(await history()).toEqual(['answered', 'answer_rejected'])
  })

  it('and the second answer is the second version, with the next number', async () => {
    await become(await answered(), 'sending', 'rejected')
    const { id } = await db.selectFrom('outbox').select('id').where('kind', '=', 'answer').executeTakeFirstOrThrow()
    await tell(id, 'rejected')

    await answered()

    const versions = await db.selectFrom('answers').select('version').orderBy('version').execute()
    expect(versions).toEqual([{ version: 1 }, { version: 2 }])
    const ordinals = await db
      .selectFrom('outbox')
      .select('ordinal')
      .where('kind', '=', 'answer')
      .orderBy('ordinal')
      .execute()
    expect(ordinals).toEqual([{ ordinal: 1 }, { ordinal: 2 }])
  })

  it.each(['acknowledgement', 'card'])('a lost %s troubles nobody', async (kind) => {
    const audience = kind === 'card' ? 'officer' : 'public'
    const id = await addOutboxRow(db, { caseId: about.id, accountId: office.page, kind, audience })

    await tell(id, 'rejected')

    expect(await notices()).toEqual([])
    expect(await caseNow()).toEqual(about)
  })
})

describe('a person who has looked', () => {
  const settle = (seen: 'present' | 'absent'): Promise<boolean> =>
    db.transaction().execute((tx) => settleByHand(tx, about.id, seen, plusMs(now, 5)))

  it('and seen it: it is published', async () => {
    const id = await answered()
    await become(id, 'sending', 'needs_person')

    expect(await settle('present')).toBe(true)

    expect(await stateOf(id)).toBe('confirmed')
    expect(await caseNow()).toMatchObject({ status: 'published' })
  })

  it('and not seen it: it is sent again, at once', async () => {
    const id = await answered()
    await become(id, 'sending', 'needs_person')

    expect(await settle('absent')).toBe(true)

    expect(await db.selectFrom('outbox').select(['state', 'dueAt', 'looks']).where('id', '=', id).execute()).toEqual([
      { state: 'pending', dueAt: plusMs(now, 5), looks: 0 },
    ])
  })

  it('and not seen it, of a case that is restricted by now: it is not sent', async () => {
    const id = await answered()
    await become(id, 'sending', 'needs_person')
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).execute()

    expect(await settle('absent')).toBe(true)

    expect(await stateOf(id)).toBe('cancelled')
  })

  it('twice at once counts once', async () => {
    const id = await answered()
    await become(id, 'sending', 'needs_person')

    const settled = await Promise.all([settle('present'), settle('absent'), settle('absent')])

    expect(settled.filter(Boolean)).toHaveLength(1)
  })

  it.each(['pending', 'sent', 'confirmed', 'unknown'])('where it is %s nothing waits for that', async (state) => {
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, state })

    expect(await settle('absent')).toBe(false)
  })
})

describe('an answer given on the platform itself', () => {
  const written = (given: Parameters<typeof addEvent>[2] = {}) =>
    addEvent(db, office.page, {
      kind: 'echo',
      threadKey: 'thread',
      text: 'Mai nhé',
      occurredAt: plusMs(now, 5),
      ...given,
    })
  const mark = async (given: Parameters<typeof addEvent>[2] = {}) => {
    const event = await written(given)
    return db.transaction().execute((tx) => markAnsweredOutside(tx, event, plusMs(now, 10)))
  }

  it('is the answer: nothing is posted a second time, and who has the case is told', async () => {
    const id = await answered()

    expect(await mark()).toEqual([about.id])

    expect(await caseNow()).toMatchObject({ status: 'answered_outside' })
    expect(await stateOf(id)).toBe('cancelled')
    expect(await notices()).toEqual([expect.stringContaining('đã có người trả lời trực tiếp trên trang')])
  })

  it.each<[string, object]>([
    ['elsewhere', { threadKey: 'elsewhere' }],
    ['before the question was asked', { occurredAt: plusMs(now, -5) }],
  ])('%s answers nothing here', async (_where, given) => {
    expect(await mark(given)).toEqual([])

    expect(await caseNow()).toEqual(about)
  })

  it.each(['published', 'withdrawn', 'closed'])('leaves a %s case alone', async (status) => {
    await db.updateTable('cases').set({ status }).execute()

    expect(await mark()).toEqual([])
  })
})

describe('an answer that somebody took away', () => {
  const remove = async (messageId: string | null = '1_9') => {
    const event = await addEvent(db, office.page, { kind: 'comment_remove', messageId })
    return db.transaction().execute((tx) => markAnswerRemoved(tx, event, now))
  }

  it('is owed again, and who has the case is told', async () => {
    const id = await answered()
    await become(id, 'sending', 'sent', 'confirmed')
    await db.updateTable('outbox').set({ messageId: '1_9' }).where('id', '=', id).execute()
    await db.updateTable('cases').set({ status: 'published' }).execute()

    expect(await remove()).toBe(about.id)

    expect(await stateOf(id)).toBe('removed')
    expect(await caseNow()).toMatchObject({ status: 'assigned' })
    expect(await notices()).toEqual([expect.stringContaining('đã bị xóa trên trang')])
    expect(await history()).toContain('answer_removed')
  })

  it('an acknowledgement that was taken away is noted alone', async () => {
    const id = await addOutboxRow(db, {
      caseId: about.id,
      accountId: office.page,
      kind: 'acknowledgement',
      state: 'confirmed',
      messageId: '1_9',
    })

    expect(await remove()).toBeNull()

    expect(await stateOf(id)).toBe('removed')
    expect(await caseNow()).toEqual(about)
  })

  it.each(['1_7', null])('a removal of %s is none of ours', async (messageId) => {
    expect(await remove(messageId)).toBeNull()
  })
})
