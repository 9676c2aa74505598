import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, getCase } from '../../src/cases/store.ts'
import { type Executed, executeMessage } from '../../src/commands/execute.ts'
import { mayAct } from '../../src/commands/may-act.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { findEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { OfficerId } from '../../src/lib/ids.ts'
import type { Means } from '../../src/replies/means.ts'
import {
  addAssignedCase,
  addCase,
  addEvent,
  addOffice,
  addOfficer,
  addOutboxRow,
  addRouted,
  addUnit,
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
  about = await ask()
})

/** A question on the Page whose card stands in the officers' group. */
async function ask(given: Parameters<typeof addAssignedCase>[2] = {}): Promise<Case> {
  const event = await addEvent(db, office.page, { address: { type: 'comment', commentId: '1_2' } })
  const found = await addAssignedCase(db, office.commune, { event, ...given })
  await addRouted(db, found, {
    accountId: office.zalo,
    unitId: office.commune,
    place: { kind: 'group', id: office.officersGroup },
    messageId: `card ${found.code}`,
  })
  return found
}

function typed(text: string | null, given: Parameters<typeof addEvent>[2] = {}): Promise<StoredEvent> {
  return addEvent(db, office.zalo, {
    place: { kind: 'group', id: office.officersGroup },
    authorId: 'hoa',
    text,
    quotedMessageId: `card ${about.code}`,
    ...given,
  })
}

const inChat = { place: { kind: 'direct', id: 'hoa' }, quotedMessageId: null } as const

function run(message: StoredEvent, officerId: OfficerId = office.hoa, maxTextChars = 8_000): Promise<Executed> {
  return executeMessage(db, officerId, message, async () => ({ ...facebookMeans, maxTextChars }), now)
}

async function say(text: string | null, given: Parameters<typeof addEvent>[2] = {}, officer = office.hoa) {
  const message = await typed(text, given)
  const executed = await run(message, officer)
  const replies = await db
    .selectFrom('outbox')
    .select(['text', 'placeKind', 'placeId', 'audience'])
    .where('originId', '=', message.id)
    .execute()
  return { ...executed, message, replies: replies.map((row) => row.text), rows: replies }
}

const answers = () => db.selectFrom('outbox').selectAll().where('kind', '=', 'answer').orderBy('ordinal').execute()
const caseNow = () => getCase(db, about.id)

describe('an answer', () => {
  it('quoted from the card is queued for the public, and says nothing back yet', async () => {
    const said = await say('Cần CCCD và tờ khai CT01.')

    expect(said).toMatchObject({ outcome: 'answer', routeAgain: null, replies: [] })
    expect(await answers()).toMatchObject([
      {
        caseId: about.id,
        accountId: office.page,
        audience: 'public',
        address: { type: 'comment', commentId: '1_2' },
        text: `Ủy ban MTTQ Việt Nam xã Cát Ngạn trả lời:\nCần CCCD và tờ khai CT01.\n\nMã: ${about.code} · 1`,
      },
    ])
    expect(await caseNow()).toMatchObject({ status: 'answered' })
    expect(await findEvent(db, said.message.id)).toMatchObject({ outcome: 'answer' })
  })

  it('with the code at its head needs no quote', async () => {
    expect(await say(`${about.code} Cần CCCD.`, inChat)).toMatchObject({ outcome: 'answer' })

    expect((await answers())[0]?.text).toContain('trả lời:\nCần CCCD.\n')
  })

  it('that quotes one card and names another case answers what it quotes', async () => {
    const other = await ask()

    await say(`${other.code} Cần CCCD.`)

    expect(await answers()).toMatchObject([{ caseId: about.id }])
  })

  it('given twice is given once; the second officer is told', async () => {
    await say('Cần CCCD.')

    expect(await say('Cần hộ khẩu.', { authorId: 'tam' }, office.tam)).toMatchObject({
      outcome: 'already_answered',
      replies: [expect.stringContaining('đã có câu trả lời rồi')],
    })

    expect(await answers()).toHaveLength(1)
  })

  it('by two officers at the same moment is one answer, and one of them is told', async () => {
    const [first, second] = [await typed('Cần CCCD.'), await typed('Cần hộ khẩu.', { authorId: 'tam' })]

    const outcomes = await Promise.all([run(first), run(second, office.tam)])

    expect(outcomes.map((one) => one.outcome).sort()).toEqual(['already_answered', 'answer'])
    expect(await answers()).toHaveLength(1)
    expect(await db.selectFrom('answers').select('id').execute()).toHaveLength(1)
  })

  it('carried out by two workers at once is carried out once', async () => {
    const message = await typed('Cần CCCD.')

    const outcomes = await Promise.all([run(message), run(message), run(message)])

    expect(outcomes.map((one) => one.outcome).sort()).toEqual(['already_closed', 'already_closed', 'answer'])
    expect(await answers()).toHaveLength(1)
  })

  it.each<[string, string | null, string]>([
    ['without a word', '   ', 'answer_empty'],
    ['that is a picture', null, 'answer_empty'],
  ])('%s is asked for again', async (_what, text, outcome) => {
    expect(await say(text)).toMatchObject({ outcome, replies: [expect.stringContaining('Chưa thấy chữ nào')] })

    expect(await caseNow()).toMatchObject({ status: 'assigned' })
  })

  it('too long for the platform says by how much, and is not cut', async () => {
    const message = await typed('á'.repeat(200))

    const { outcome } = await run(message, office.hoa, 200)

    expect(outcome).toBe('answer_too_long')
    const [told] = await db.selectFrom('outbox').select('text').where('originId', '=', message.id).execute()
    expect(told?.text).toMatch(/dài quá \d+ ký tự \(tối đa 200\)/)
    expect(await answers()).toEqual([])
  })

  it('to a restricted case goes nowhere, and says how it could', async () => {
    about = await ask({ confidentiality: 'restricted' })

    expect(await say('Đã chuyển thanh tra.')).toMatchObject({
      outcome: 'answer_restricted',
      replies: [expect.stringContaining('đang được giữ kín')],
    })

    expect(await answers()).toEqual([])
  })

  it('to a question that was taken back goes nowhere', async () => {
    about = await ask({ status: 'withdrawn' })

    expect(await say('Cần CCCD.')).toMatchObject({ outcome: 'answer_withdrawn' })
  })

  it('to a question without an address goes nowhere', async () => {
    about = await ask({ event: await addEvent(db, office.page, { address: null }) })

    expect(await say('Cần CCCD.')).toMatchObject({ outcome: 'answer_withdrawn' })
  })

  it('makes the acknowledgement that has not left yet unnecessary', async () => {
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, kind: 'acknowledgement', ordinal: 1 })

    await say('Cần CCCD.')

    const [acknowledgement] = await db
      .selectFrom('outbox')
      .select(['state', 'errorCode'])
      .where('kind', '=', 'acknowledgement')
      .execute()
    expect(acknowledgement).toEqual({ state: 'cancelled', errorCode: 'answered_first' })
    expect(await answers()).toMatchObject([{ ordinal: 2 }])
  })
})

describe('who may', () => {
  it('not an officer of another unit', async () => {
    const stranger = await addOfficer(db, { duties: [{ unitId: await addUnit(db) }] })

    expect(await say('Cần CCCD.', {}, stranger)).toMatchObject({
      outcome: 'not_yours',
      replies: [expect.stringContaining('đơn vị khác phụ trách')],
    })

    expect(await answers()).toEqual([])
  })

  it.each<[string, { status?: string; assignedUnitId?: null; duty?: 'restricted_desk' }, boolean]>([
    ['who has it', {}, true],
    ['not who has another duty', { duty: 'restricted_desk' }, false],
    ['nobody before it is routed', { status: 'received', assignedUnitId: null }, false],
  ])('%s', async (_who, given, may) => {
    const found = await addAssignedCase(db, office.commune, given)

    expect(await db.transaction().execute((tx) => mayAct(tx, office.hoa, found, now))).toBe(may)
  })

  it('no longer whose duty is over', async () => {
    const former = await addOfficer(db, { duties: [{ unitId: office.commune, to: '2026-03-01' }] })

    expect(await db.transaction().execute((tx) => mayAct(tx, former, about, now))).toBe(false)
    expect(await db.transaction().execute((tx) => mayAct(tx, former, about, plusMs(now, -86_400_000)))).toBe(true)
  })
})

describe('giữ kín', () => {
  it('takes back what has not left, and hands the case over anew, away from the group', async () => {
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, kind: 'acknowledgement' })

    const said = await say('giữ kín')

    expect(said).toMatchObject({
      outcome: 'make_restricted',
      routeAgain: about.id,
      replies: [expect.stringContaining('đã được giữ kín. Những gì chưa gửi đi')],
    })
    expect(await caseNow()).toMatchObject({
      confidentiality: 'restricted',
      confidentialityReason: 'decided_by_person',
      status: 'received',
    })
  })

  it('says so when something is out already', async () => {
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, state: 'confirmed', kind: 'acknowledgement' })

    expect((await say('giữ kín')).replies).toEqual([expect.stringContaining('đã hiện ra ngoài từ trước')])
  })

  it.each(['cancelled', 'rejected', 'removed'])('what was %s is not out', async (state) => {
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, state, kind: 'acknowledgement' })

    expect((await say('giữ kín')).replies).toEqual([expect.stringContaining('Những gì chưa gửi đi')])
  })

  it('right after an answer takes the answer back, and the case is owed one again', async () => {
    await say('Cần CCCD.')

    await say('giữ kín')

    expect(await answers()).toMatchObject([{ state: 'cancelled', errorCode: 'restricted' }])
    expect(await caseNow()).toMatchObject({ status: 'received', confidentiality: 'restricted' })
  })

  it('after the answer stands in public leaves it published', async () => {
    about = await ask({ status: 'published' })
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, state: 'confirmed' })

    const said = await say('giữ kín')

    expect(said).toMatchObject({ routeAgain: null })
    expect(await caseNow()).toMatchObject({ status: 'published', confidentiality: 'restricted' })
  })

  it('twice is said once more and hands nothing over again', async () => {
    about = await ask({ confidentiality: 'restricted' })

    expect(await say('giữ kín')).toMatchObject({ outcome: 'make_restricted', routeAgain: null })
    expect(await caseNow()).toMatchObject({ status: 'assigned' })
  })
})

describe('công khai', () => {
  it('lets a restricted case be answered in public by those whose it is', async () => {
    about = await ask({ confidentiality: 'restricted' })

    expect(await say('Công khai')).toMatchObject({
      outcome: 'make_public',
      routeAgain: about.id,
      replies: [expect.stringContaining('đã chuyển thành công khai')],
    })

    expect(await caseNow()).toMatchObject({ confidentiality: 'public', status: 'received' })
  })

  it.each<[string, object]>([
    ['a public one', {}],
    ['one that is not waiting', { confidentiality: 'restricted', status: 'withdrawn' }],
  ])('changes nothing about %s', async (_what, given) => {
    about = await ask(given)

    expect(await say('công khai')).toMatchObject({ outcome: 'make_public', routeAgain: null })

    expect(await caseNow()).toEqual(about)
  })
})

describe('đã đăng, đăng lại, mở lại', () => {
  beforeEach(async () => {
    about = await ask({ status: 'answered' })
  })
  const waiting = (): Promise<unknown> =>
    addOutboxRow(db, { caseId: about.id, accountId: office.page, state: 'needs_person', looks: 10, attempts: 1 })

  it('đã đăng: a person has seen it, so it is published', async () => {
    await waiting()

    expect(await say('đã đăng')).toMatchObject({
      outcome: 'seen_present',
      replies: [expect.stringContaining('Đã ghi nhận')],
    })

    expect(await answers()).toMatchObject([{ state: 'confirmed' }])
    expect(await caseNow()).toMatchObject({ status: 'published' })
  })

  it('đăng lại: a person has seen that it is not there, so it is sent again', async () => {
    await waiting()

    expect(await say('đăng lại')).toMatchObject({ outcome: 'seen_absent' })

    expect(await answers()).toMatchObject([{ state: 'pending', looks: 0, dueAt: now }])
  })

  it.each(['đã đăng', 'đăng lại', 'mở lại'])('%s where nothing waits for that says so', async (text) => {
    expect((await say(text)).replies).toEqual([expect.stringContaining('không có câu trả lời nào chờ')])
  })

  it('mở lại: what somebody wrote on the platform was no answer', async () => {
    about = await ask({ status: 'answered_outside' })

    expect(await say('mở lại')).toMatchObject({ outcome: 'reopen', replies: [expect.stringContaining('đã mở lại')] })

    expect(await caseNow()).toMatchObject({ status: 'assigned' })
    expect(await say('Cần CCCD.')).toMatchObject({ outcome: 'answer' })
  })
})

describe('a message about no case', () => {
  it('among colleagues is their talk', async () => {
    expect(await say('Trưa ni ăn chi các bác?', { quotedMessageId: null })).toMatchObject({
      outcome: 'office_talk',
      replies: [],
    })
  })

  it('that quotes a colleague is their talk as well', async () => {
    await addEvent(db, office.zalo, { kind: 'message', messageId: 'tam-said' })

    expect(await say('Đúng rồi', { quotedMessageId: 'tam-said' })).toMatchObject({ outcome: 'office_talk' })
  })

  it('that quotes words of ours is meant for us', async () => {
    await addEvent(db, office.zalo, { kind: 'echo', messageId: 'our-words' })

    expect(await say('Cần CCCD.', { quotedMessageId: 'our-words' })).toMatchObject({
      outcome: 'which_case',
      replies: [expect.stringContaining('Chưa rõ tin này trả lời cho câu hỏi nào')],
    })
  })

  it('1:1 is meant for us', async () => {
    const said = await say('Cần CCCD.', inChat)

    expect(said).toMatchObject({ outcome: 'which_case' })
    expect(said.rows).toMatchObject([{ placeKind: 'direct', placeId: 'hoa', audience: 'officer' }])
  })

  it.each([inChat, { quotedMessageId: null }])('hướng dẫn is answered everywhere (%o)', async (where) => {
    expect(await say('hướng dẫn', where)).toMatchObject({
      outcome: 'help',
      replies: [expect.stringContaining('Cách làm việc')],
    })
  })

  it('a code of a case that is not there names none', async () => {
    await db.updateTable('cases').set({ code: 'DH-222-222' }).execute()

    expect(await say(`${about.code} Cần CCCD.`, inChat)).toMatchObject({ outcome: 'which_case' })
  })

  it('one that cannot be answered is carried out without a word', async () => {
    expect(await say('hướng dẫn', { address: null })).toMatchObject({ outcome: 'help', replies: [] })
  })
})

it('what fails on the way has changed nothing', async () => {
  const message = await typed('Cần CCCD.')
  const broken = (): Promise<Means> => Promise.reject(new Error('no such platform'))

  await expect(executeMessage(db, office.hoa, message, broken, now)).rejects.toThrow('no such platform')

  expect(await findEvent(db, message.id)).toMatchObject({ outcome: null })
  expect(await caseNow()).toEqual(about)
})

it('a case of another account can be answered from here: only the duty counts', async () => {
  const { code } = await addCase(db, { status: 'assigned', assignedUnitId: office.commune, assignedDuty: 'answers' })

  expect(await say(`${code} Cần CCCD.`, inChat)).toMatchObject({ outcome: 'answer' })
})
