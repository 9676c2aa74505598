import { beforeEach, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/store.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { type AccountId, AnswerId, newId, type OfficerId, type OutboxId } from '../../src/lib/ids.ts'
import type { Means } from '../../src/replies/means.ts'
import {
  addAccount,
  addAssignedCase,
  addEvent,
  addOffice,
  addOfficer,
  addOutboxRow,
  emptyTables,
  now,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const place = { kind: 'direct', id: 'xuan' } as const
const means: Means = {
  maxTextChars: 2_000,
  maxPrivateReplyChars: null,
  photoWith: { public: null, resident: null },
  managesWall: false,
  tellsQuotes: false,
}

/** Each thing happens a moment after the one before. */
let later = 0
let office: TestOffice
let bot: AccountId
let xuan: OfficerId
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  bot = await addAccount(db, { platform: 'zalo_bot', unitId: office.commune, name: 'Bot Yên Khê' })
  const duties = [
    { unitId: office.commune, duty: 'approves' },
    { unitId: office.commune, duty: 'answers' },
  ] as const
  xuan = await addOfficer(db, { name: 'Vi Thị Xuân', duties, chats: [{ accountId: bot, externalId: 'xuan' }] })
})

/** Hoa's answer to this case is held. */
async function heldAnswer(text: string, of?: Case): Promise<{ about: Case; row: OutboxId }> {
  const about = of ?? (await addAssignedCase(db, office.commune, { accountId: office.page, status: 'answered' }))
  const group = { kind: 'group', id: office.officersGroup } as const
  const typed = await addEvent(db, office.zalo, { place: group, authorId: 'hoa', text })
  const id = newId(AnswerId, now)
  const version = (await db.selectFrom('answers').select('id').where('caseId', '=', about.id).execute()).length + 1
  await db
    .insertInto('answers')
    .values({ id, caseId: about.id, version, officerId: office.hoa, eventId: typed.id, text, createdAt: now })
    .execute()
  const held = { caseId: about.id, accountId: office.page, originId: id, state: 'held', heldBy: 'approve_all' } as const
  const ordinal = version
  return { about, row: await addOutboxRow(db, { ...held, ordinal, text }) }
}

/** Somebody was asked about it, in the chat with Xuân unless told otherwise. */
async function ask(
  { about, row }: { about: Case | null; row: OutboxId },
  state: 'confirmed' | 'pending' = 'confirmed',
  chat: { accountId: AccountId; placeId: string } = { accountId: bot, placeId: place.id },
): Promise<void> {
  const card = { caseId: about?.id ?? null, originId: row, kind: 'approval', audience: 'officer', state } as const
  later += 1
  const at = plusMs(now, later - 60_000)
  await addOutboxRow(db, { ...card, ...chat, placeKind: 'direct', createdAt: at, attemptEndedAt: at })
}

const asked = async (text = 'Cần CCCD.'): Promise<{ about: Case; row: OutboxId }> => {
  const held = await heldAnswer(text)
  await ask(held)
  return held
}

async function write(text: string, given: Parameters<typeof addEvent>[2] = {}): Promise<string> {
  later += 1
  const at = plusMs(now, later)
  const message: StoredEvent = await addEvent(db, bot, {
    ...{ kind: 'message', place, authorId: 'xuan', text, occurredAt: at, recordedAt: at },
    ...given,
  })
  return (await executeMessage(db, xuan, message, async () => means, plusMs(now, later))).outcome
}

const stateOf = async (id: OutboxId): Promise<string> =>
  (await db.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state

const lastNotice = async (): Promise<string> =>
  (
    await db
      .selectFrom('outbox')
      .select('text')
      .where('kind', '=', 'notice')
      .where('placeId', '=', place.id)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  ).text

describe('by its code', () => {
  it('the one thing that was ever asked about a case is approved at once', async () => {
    const { about, row } = await asked()
    await asked('Của câu khác.')

    expect(await write(`${about.code} duyệt`)).toBe('approval_approved')
    expect(await stateOf(row)).toBe('pending')
  })

  it('it is given back with its reason', async () => {
    const { about, row } = await asked()

    expect(await write(`${about.code} trả lại`)).toBe('approval_unclear')
    expect(await write(`${about.code} trả lại: thiếu giờ làm việc`)).toBe('approval_returned')
    expect(await stateOf(row)).toBe('cancelled')
  })

  it('where other words were asked about before, be it in another chat, these are shown again first', async () => {
    const { about, row: before } = await heldAnswer('Bản đầu.')
    await ask({ about, row: before }, 'confirmed', { accountId: office.zalo, placeId: 'ai-do' })
    await db.updateTable('outbox').set({ state: 'cancelled' }).where('id', '=', before).execute()
    const { row } = await heldAnswer('Bản sau.', about)
    await ask({ about, row })

    expect(await write(`${about.code} duyệt`)).toBe('decision_offered')
    expect(await stateOf(row)).toBe('held')
    expect(await lastNotice()).toContain('“Bản sau.”')

    expect(await write('đúng')).toBe('approval_approved')
    expect(await stateOf(row)).toBe('pending')
  })

  it('what was decided meanwhile is said, and no answer comes of it', async () => {
    const { about, row } = await asked()
    await write(`${about.code} duyệt`)

    expect(await write(`${about.code} trả lại: thiếu giờ`)).toBe('approval_decided')
    expect(await stateOf(row)).toBe('pending')
  })

  it('“trả lại:” about what nothing waits for is never published', async () => {
    const about = await addAssignedCase(db, office.commune, { accountId: office.page })

    expect(await write(`${about.code} trả lại: thiếu giờ làm việc`)).toBe('nothing_to_approve')
    expect(await write(`${about.code} trả lại hồ sơ trong 5 ngày.`)).toBe('answer')
  })

  it('words that are not whole in the chat yet cannot be approved', async () => {
    const held = await heldAnswer('Cần CCCD.')
    await ask(held, 'pending')

    expect(await write(`${held.about.code} duyệt`)).toBe('nothing_to_approve')
    expect(await stateOf(held.row)).toBe('held')
  })

  it('nobody approves their own words, nor what is not theirs', async () => {
    const { about, row } = await asked()
    await db.updateTable('duties').set({ duty: 'answers' }).where('officerId', '=', xuan).execute()

    expect(await write(`${about.code} duyệt`)).toBe('approval_not_yours')
    expect(await stateOf(row)).toBe('held')
  })
})

describe('without a code', () => {
  it('the one thing that waits is shown again, and only “đúng” approves it', async () => {
    const { about, row } = await asked('Cần CCCD và tờ khai.')

    expect(await write('duyệt')).toBe('decision_offered')
    expect(await lastNotice()).toContain(`Duyệt nội dung dưới đây · ${about.code} phải không?`)
    expect(await stateOf(row)).toBe('held')
    expect(await write('đúng')).toBe('approval_approved')
  })

  it('so is what is to be given back, with the reason', async () => {
    const { row } = await asked()

    expect(await write('trả lại: sai số phòng')).toBe('decision_offered')
    expect(await lastNotice()).toContain('sai số phòng')
    expect(await write('đúng')).toBe('approval_returned')
    expect(await stateOf(row)).toBe('cancelled')
  })

  it('“đúng” approves what was shown again, and not what has come since', async () => {
    const { row } = await asked('Bản được hỏi.')
    await write('duyệt')
    const { row: newer } = await asked('Bản mới tới.')

    expect(await write('đúng')).toBe('approval_approved')
    expect([await stateOf(row), await stateOf(newer)]).toEqual(['pending', 'held'])
  })

  it('of several the code is asked for', async () => {
    const [one, two] = [await asked(), await asked()]

    expect(await write('duyệt')).toBe('which_question')
    expect(await lastNotice()).toContain(`${one.about.code}, ${two.about.code}`)
    expect(await write('đúng')).not.toBe('approval_approved')
  })

  it('a post, which has no code, is shown again as well', async () => {
    const text = 'Mời bà con dự họp.'
    const post = { kind: 'post', accountId: office.page, state: 'held', heldBy: 'approve_all', text } as const
    const row = await addOutboxRow(db, post)
    await db.updateTable('outbox').set({ caseId: null, ordinal: null }).where('id', '=', row).execute()
    await ask({ about: null, row })

    expect(await write('duyệt')).toBe('decision_offered')
    expect(await lastNotice()).toContain('Mời bà con dự họp.')
    expect(await write('đúng')).toBe('approval_approved')
    expect(await stateOf(row)).toBe('pending')
  })

  it('where nothing waits, nothing happens', async () => {
    expect(await write('duyệt')).toBe('nothing_to_approve')
  })

  it('where quotes are told, nothing but the quoted words can be approved', async () => {
    const { about, row } = await asked()
    const message = await addEvent(db, bot, { kind: 'message', place, authorId: 'xuan', text: `${about.code} duyệt` })

    const told = async () => ({ ...means, tellsQuotes: true })
    expect((await executeMessage(db, xuan, message, told, now)).outcome).toBe('nothing_to_approve')
    expect(await stateOf(row)).toBe('held')
  })
})
