import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, getCase, lockCase } from '../../src/cases/store.ts'
import { transaction } from '../../src/db/client.ts'
import { findEvent } from '../../src/intake/store.ts'
import { AnswerId, newId, type OfficerId, type OutboxId } from '../../src/lib/ids.ts'
import { cancelForResidents } from '../../src/outbox/cancel.ts'
import { queueForOfficer } from '../../src/outbox/queue.ts'
import { type Asked, askApproval, askWaiting } from '../../src/replies/approval.ts'
import { approve, type Decided, findQuestion, giveBack, type Question } from '../../src/replies/decide.ts'
import {
  addAssignedCase,
  addEvent,
  addOffice,
  addOfficer,
  addOutboxRow,
  addUnit,
  emptyTables,
  now,
  sayMode,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
let office: TestOffice
let about: Case
let answer: OutboxId
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  await sayMode(db, { accountId: office.page }, 'approve_all')
  ;({ about, answer } = await heldAnswer())
})

const chatAddress = (_platform: string, place: { id: string }) => ({ chat: place.id })
const ask = (): Promise<Asked> => askApproval(db, answer, { chatAddress }, now)
const row = (id: OutboxId) => db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** An answer that Hoa typed in the officers' group, and that is held. */
async function heldAnswer(text = 'Cần CCCD.\n\nMã: DH-7KM-3QP · 1'): Promise<{ about: Case; answer: OutboxId }> {
  const event = await addEvent(db, office.page)
  const found = await addAssignedCase(db, office.commune, { event, status: 'answered' })
  const typed = await addEvent(db, office.zalo, {
    place: { kind: 'group', id: office.officersGroup },
    authorId: 'hoa',
    text: 'Cần CCCD.',
    address: { chat: office.officersGroup },
  })
  const id = newId(AnswerId, now)
  await db
    .insertInto('answers')
    .values({ id, caseId: found.id, version: 1, officerId: office.hoa, eventId: typed.id, text: 'x', createdAt: now })
    .execute()
  const held = { caseId: found.id, accountId: office.page, originId: id, state: 'held', heldBy: 'approve_all', text }
  return { about: found, answer: await addOutboxRow(db, held) }
}

function approver(unitId: TestOffice['commune'], externalId: string | null): Promise<OfficerId> {
  const chats = externalId === null ? [] : [{ accountId: office.zalo, externalId }]
  return addOfficer(db, { duties: [{ unitId, duty: 'approves' }], chats })
}

async function cards(): Promise<{ to: string; text: string }[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['placeId', 'text'])
    .where('kind', '=', 'approval')
    .where('originId', '=', answer)
    .orderBy('placeId')
    .orderBy('dueAt')
    .execute()
  return rows.map(({ placeId, text }) => ({ to: placeId, text }))
}

describe('who is asked', () => {
  it('everybody who approves in the unit and can be reached, each 1:1', async () => {
    await approver(office.commune, 'a')
    await approver(office.commune, 'b')
    await approver(office.commune, null)
    await approver(office.province, 'above')

    expect(await ask()).toBe('asked')

    expect((await cards()).map(({ to }) => to)).toEqual(['a', 'b'])
  })

  it('the nearest above where nobody can be reached below', async () => {
    await approver(office.commune, null)
    await approver(office.province, 'above')

    await ask()

    expect((await cards()).map(({ to }) => to)).toEqual(['above'])
  })

  it('never the author', async () => {
    await db.updateTable('duties').set({ duty: 'approves' }).where('officerId', '=', office.hoa).execute()

    expect(await ask()).toBe('nobody')
    await approver(office.province, 'above')
    expect(await ask()).toBe('asked')

    expect((await cards()).map(({ to }) => to)).toEqual(['above'])
  })

  it('nobody beside or below', async () => {
    await approver(await addUnit(db, { parentId: office.province }), 'beside')
    await approver(await addUnit(db, { parentId: office.commune, kind: 'area' }), 'below')

    expect(await ask()).toBe('nobody')
    expect(await cards()).toEqual([])
  })

  it('once: asking again changes nothing', async () => {
    await approver(office.commune, 'a')

    expect([await ask(), await ask()]).toEqual(['asked', 'not_needed'])
    expect(await cards()).toHaveLength(1)
  })

  it('nothing is asked about showing a comment again: there are no words to agree to', async () => {
    await approver(office.commune, 'a')
    const shown = { kind: 'unhide', audience: 'moderation', ordinal: null, text: '', targetId: '1_2' }
    await db
      .updateTable('outbox')
      .set({ ...shown, heldBy: 'listen_only' })
      .where('id', '=', answer)
      .execute()

    expect(await askWaiting(db, { chatAddress }, now)).toMatchObject({ asked: 0, nobody: 0 })

    expect(await cards()).toEqual([])
    expect(await row(answer)).toMatchObject({ state: 'held', heldBy: 'listen_only' })
  })
})

it('whoever decides about the case at the moment of asking is waited for, and then nobody is asked', async () => {
  await approver(office.commune, 'a')
  const [locked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const deciding = transaction(db, 'submit-answer', async (tx) => {
    await lockCase(tx, about.id)
    locked.resolve()
    await go.promise
    await cancelForResidents(tx, about.id, 'withdrawn', now)
  })
  await locked.promise

  const asking = ask()
  const isWaiting = async (): Promise<boolean> =>
    (
      await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
        db,
      )
    ).rows.length > 0
  await until(isWaiting, { what: 'the asking waits for the case' })
  go.resolve()

  await deciding
  expect(await asking).toBe('not_needed')
  expect(await cards()).toEqual([])
})

describe('what is asked', () => {
  it('shows the question, the author and every word that would go out', async () => {
    await approver(office.commune, 'a')

    await ask()

    const [card] = await cards()
    for (const words of [about.code, 'Phan Thị Hoa', 'tách hộ khẩu', 'Cần CCCD.', 'duyệt'])
      expect(card?.text).toContain(words)
  })

  it('comes in parts when it is long, in order, none too long, and nothing is left out', async () => {
    const words = Array.from({ length: 1_500 }, (_, n) => `từ${n}`)
    ;({ about, answer } = await heldAnswer(words.join(' ')))
    await approver(office.commune, 'a')

    await ask()

    const parts = (await cards()).map(({ text }) => text)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(2_000)
    expect(parts.join(' ').match(/từ\d+/g)).toEqual(words)
  })
})

describe('what is asked about a post', () => {
  it('shows also the link that would stand below its words', async () => {
    await approver(office.commune, 'a')
    const link = 'https://vi-du.vn/lich'
    await db.updateTable('outbox').set({ kind: 'post', link }).where('id', '=', answer).execute()

    await ask()

    const [card] = await cards()
    for (const words of ['Cần CCCD.', link]) expect(card?.text).toContain(words)
  })
})

describe('where nobody can be asked', () => {
  it('the author is told once, whoever finds it out, and whoever looks later asks again', async () => {
    await askWaiting(db, { chatAddress }, now)
    await ask()

    const notices = await db.selectFrom('outbox').select(['placeId', 'text']).where('kind', '=', 'notice').execute()
    expect(notices).toEqual([
      { placeId: office.officersGroup, text: expect.stringContaining('chưa có ai được giao duyệt') },
    ])
    expect(await askWaiting(db, { chatAddress }, now)).toMatchObject({ asked: 0, nobody: 1 })
    await approver(office.province, 'above')
    expect(await askWaiting(db, { chatAddress }, now)).toMatchObject({ asked: 1, nobody: 0 })
    expect(await askWaiting(db, { chatAddress }, now)).toMatchObject({ asked: 0, nobody: 0 })
  })

  it('the author of a post is told as well', async () => {
    const typed = await addEvent(db, office.zalo, {
      place: { kind: 'group', id: office.officersGroup },
      authorId: 'hoa',
      text: 'đăng bài: Mời bà con họp xóm.',
      address: { chat: office.officersGroup },
    })
    const post = { kind: 'post', caseId: null, ordinal: null, originId: typed.id }
    await db.updateTable('outbox').set(post).where('id', '=', answer).execute()
    const { id: originId, accountId, unitId, place } = typed
    const said = { accountId, unitId, originId, place, address: { chat: place.id }, kind: 'notice' } as const
    await transaction(db, 'submit-answer', (tx) =>
      queueForOfficer(tx, { ...said, caseId: null, lane: 'live', text: 'Đang chờ duyệt.' }, now),
    )

    expect(await ask()).toBe('nobody')

    const notices = await db
      .selectFrom('outbox')
      .select(['placeId', 'text'])
      .where('kind', '=', 'notice')
      .where('version', '=', 2)
      .execute()
    expect(notices).toEqual([
      { placeId: office.officersGroup, text: expect.stringContaining('chưa có ai được giao duyệt') },
    ])
  })

  it('nothing is asked while one only listens; when that is over, it is', async () => {
    await approver(office.commune, 'a')
    await sayMode(db, { accountId: office.page }, 'listen_only')
    expect(await ask()).toBe('not_needed')

    await sayMode(db, { accountId: office.page }, 'approve_all')
    expect(await askWaiting(db, { chatAddress }, now)).toMatchObject({ asked: 1 })
  })
})

describe('a decision', () => {
  let tam: OfficerId
  beforeEach(async () => {
    tam = await approver(office.commune, 'a')
    await ask()
    await db
      .updateTable('outbox')
      .set({ messageId: 'asked', state: 'sending' })
      .where('kind', '=', 'approval')
      .execute()
  })

  async function decide(
    work: (tx: Parameters<typeof findQuestion>[0], question: Question) => Promise<Decided>,
  ): Promise<Decided | null> {
    const said = await addEvent(db, office.zalo, { place: { kind: 'direct', id: 'a' }, quotedMessageId: 'asked' })
    return transaction(db, 'submit-answer', async (tx) => {
      const message = await findEvent(tx, said.id)
      const question = message === null ? null : await findQuestion(tx, message)
      return question === null ? null : work(tx, question)
    })
  }
  const yes = (by: OfficerId) => decide((tx, question) => approve(tx, question, by, now))
  const no = (by: OfficerId) => decide((tx, question) => giveBack(tx, question, by, 'thiếu giờ', now))

  it('yes: it may leave, and who agreed is known', async () => {
    expect(await yes(tam)).toBe('approved')

    expect(await row(answer)).toMatchObject({ state: 'pending', heldBy: null, approvedBy: tam, approvedAt: now })
  })

  it('no: it is over, its case is owed an answer again, and the author reads why', async () => {
    expect(await no(tam)).toBe('returned')

    expect(await row(answer)).toMatchObject({ state: 'cancelled', errorCode: 'returned' })
    expect((await getCase(db, about.id)).status).toBe('assigned')
    const version = await db.selectFrom('answers').select(['returnedBy', 'returnedAt', 'returnReason']).execute()
    expect(version).toEqual([{ returnedBy: tam, returnedAt: now, returnReason: 'thiếu giờ' }])
    const notice = await db.selectFrom('outbox').selectAll().where('kind', '=', 'notice').executeTakeFirst()
    expect(notice).toMatchObject({ placeId: office.officersGroup, caseId: about.id })
    expect(notice?.text).toContain('thiếu giờ')
  })

  it('no, with more words than a chat takes: its author can still be told', async () => {
    await decide((tx, question) => giveBack(tx, question, tam, 'thiếu giờ '.repeat(199).trim(), now))

    const notice = await db.selectFrom('outbox').select('text').where('kind', '=', 'notice').executeTakeFirstOrThrow()
    expect(notice.text).toContain('thiếu giờ thiếu giờ')
    expect(notice.text.length).toBeLessThanOrEqual(2_000)
  })

  it.each(['approve', 'give back'])('the author may not %s', async (what) => {
    await db
      .insertInto('duties')
      .values({
        id: newId(AnswerId, now),
        officerId: office.hoa,
        unitId: office.commune,
        duty: 'approves',
        validFrom: '2025-07-01',
      })
      .execute()

    expect(await (what === 'approve' ? yes(office.hoa) : no(office.hoa))).toBe('own')
    expect((await row(answer)).state).toBe('held')
  })

  it.each<[string, () => Promise<OfficerId>]>([
    ['only answers', async () => office.tam],
    ['approves in another commune', async () => approver(await addUnit(db, { parentId: office.province }), 'x')],
    [
      'approved until yesterday',
      () => addOfficer(db, { duties: [{ unitId: office.commune, duty: 'approves', to: '2026-03-01' }] }),
    ],
  ])('is refused of somebody who %s', async (_what, who) => {
    expect(await yes(await who())).toBe('not_yours')
    expect((await row(answer)).state).toBe('held')
  })

  it('may come from above', async () => {
    expect(await yes(await approver(office.province, 'above'))).toBe('approved')
  })

  it('is made once', async () => {
    expect(await no(tam)).toBe('returned')
    expect(await yes(tam)).toBe('decided')
    expect((await row(answer)).state).toBe('cancelled')
  })

  it('is not made while one only listens', async () => {
    await sayMode(db, { accountId: office.page }, 'listen_only')

    expect(await yes(tam)).toBe('listen_only')
    expect((await row(answer)).state).toBe('held')
  })

  it('comes too late for a case that has become restricted', async () => {
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', about.id).execute()

    expect(await yes(tam)).toBe('decided')
    expect((await row(answer)).state).toBe('cancelled')
  })
})
