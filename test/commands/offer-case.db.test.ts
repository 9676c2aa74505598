import { beforeEach, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/store.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { type AccountId, FileId, newId, type OfficerId, type UnitId } from '../../src/lib/ids.ts'
import type { Means } from '../../src/replies/means.ts'
import {
  addAccount,
  addAssignedCase,
  addEvent,
  addOfficer,
  addOutboxRow,
  addUnit,
  emptyTables,
  now,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const place = { kind: 'direct', id: 'xuan' } as const
const botMeans: Means = {
  maxTextChars: 2_000,
  maxPrivateReplyChars: null,
  photoWith: { public: null, resident: null },
  managesWall: false,
  tellsQuotes: false,
}
const minute = 60_000

let bot: AccountId
let unit: UnitId
let officer: OfficerId
beforeEach(async () => {
  await emptyTables(db)
  unit = await addUnit(db)
  bot = await addAccount(db, { platform: 'zalo_bot', unitId: unit })
  officer = await addOfficer(db, { duties: [{ unitId: unit }], chats: [{ accountId: bot, externalId: 'xuan' }] })
})

/** A case whose card was shown in the officer's chat so long ago. */
async function shown(agoMs = minute): Promise<Case> {
  const about = await addAssignedCase(db, unit, { accountId: bot })
  await addOutboxRow(db, {
    accountId: bot,
    caseId: about.id,
    kind: 'card',
    audience: 'officer',
    placeKind: 'direct',
    placeId: place.id,
    state: 'confirmed',
    attemptEndedAt: plusMs(now, -agoMs),
  })
  return about
}

const write = (text: string, agoMs = 0, authorId = 'xuan'): Promise<StoredEvent> => {
  const at = plusMs(now, -agoMs)
  return addEvent(db, bot, { kind: 'message', place, authorId, text, occurredAt: at, recordedAt: at })
}

async function carriedOut(message: StoredEvent, means = botMeans): Promise<string> {
  return (await executeMessage(db, officer, message, async () => means, now)).outcome
}

const notices = async (): Promise<string[]> => {
  const rows = await db.selectFrom('outbox').select('text').where('kind', '=', 'notice').orderBy('createdAt').execute()
  return rows.map(({ text }) => text)
}

const answers = async (): Promise<{ text: string; caseId: string | null }[]> =>
  db.selectFrom('outbox').select(['text', 'caseId']).where('kind', '=', 'answer').execute()

it('the one case shown lately is asked about, and nothing leaves before “đúng”', async () => {
  const about = await shown()

  expect(await carriedOut(await write('Cần CCCD.', 2_000))).toBe('case_offered')
  expect(await answers()).toEqual([])
  expect((await notices())[0]).toContain(`trả lời cho ${about.code} phải không?`)

  expect(await carriedOut(await write('Đúng.'))).toBe('answer')
  expect(await answers()).toEqual([{ text: expect.stringContaining('Cần CCCD.'), caseId: about.id }])
})

it.each([
  ['none was shown', []],
  ['two were shown', [minute, 2 * minute]],
  ['the only one was shown longer ago', [31 * minute]],
])('%s: the code is asked for', async (_what, ages) => {
  for (const age of ages) await shown(age)

  expect(await carriedOut(await write('Cần CCCD.'))).toBe('which_case')

  expect((await notices())[0]).toContain('ghi mã ở đầu tin')
})

it.each(['dừng', 'không đúng', 'đúng, nhưng thêm một ý'])('“%s” is no yes', async (text) => {
  await shown()
  await carriedOut(await write('Cần CCCD.', 2_000))

  expect(await carriedOut(await write(text))).not.toBe('answer')
  expect(await answers()).toEqual([])
})

it('a yes to something else, of somebody else or too late, is none to this', async () => {
  await shown()
  await carriedOut(await write('Cần CCCD.', 31 * minute))
  expect(await carriedOut(await write('đúng', 3_000))).toBe('case_offered')

  await carriedOut(await write('Cần CCCD.', 2_000))
  expect(await carriedOut(await write('đúng', 1_000, 'nguoi-khac'))).toBe('case_offered')
  expect(await answers()).toEqual([])
})

it('where quotes are told nothing is guessed', async () => {
  await shown()

  expect(await carriedOut(await write('Cần CCCD.'), { ...botMeans, tellsQuotes: true })).toBe('which_case')
  expect((await notices())[0]).toContain('nhấn giữ')
})

describe('other orders', () => {
  it('are asked about by what they are', async () => {
    const about = await shown()

    expect(await carriedOut(await write('giữ kín', 2_000))).toBe('case_offered')
    expect((await notices())[0]).toContain(`việc cần làm với ${about.code} phải không?`)
    expect(await carriedOut(await write('đúng'))).toBe('make_restricted')
  })

  it('what we said about another case lately makes it two', async () => {
    await shown()
    const other = await addAssignedCase(db, unit, { accountId: bot })
    const said = { accountId: bot, caseId: other.id, kind: 'notice', audience: 'officer', state: 'confirmed' } as const
    await addOutboxRow(db, { ...said, placeKind: 'direct', placeId: place.id, attemptEndedAt: now })

    expect(await carriedOut(await write('đã đăng'))).toBe('which_case')
  })

  it('the post that was told of lately can be edited and taken down', async () => {
    const post = await addOutboxRow(db, { accountId: bot, kind: 'post', state: 'confirmed', messageId: '1_9' })
    await db.updateTable('outbox').set({ caseId: null, ordinal: null }).where('id', '=', post).execute()
    const said = { accountId: bot, originId: post, kind: 'notice', audience: 'officer', state: 'confirmed' } as const
    await addOutboxRow(db, { ...said, placeKind: 'direct', placeId: place.id, attemptEndedAt: now })

    expect(await carriedOut(await write('gỡ: đăng nhầm', 2_000))).toBe('post_offered')
    expect(await carriedOut(await write('đúng'))).toBe('post_take_down')
    const deletes = await db.selectFrom('outbox').select('targetId').where('kind', '=', 'delete').execute()
    expect(deletes).toEqual([{ targetId: '1_9' }])
  })
})

describe('in a group', () => {
  const group = { kind: 'group', id: 'to-can-bo' } as const
  const say = (text: string, agoMs: number, mentionsAccount: boolean): Promise<StoredEvent> => {
    const at = plusMs(now, -agoMs)
    const written = { kind: 'message', place: group, authorId: 'xuan', text, occurredAt: at, recordedAt: at } as const
    return addEvent(db, bot, { ...written, mentionsAccount })
  }

  it('the name by which the bot was called is no part of the answer, and of the “đúng” neither', async () => {
    const about = await addAssignedCase(db, unit, { accountId: bot })
    const card = { accountId: bot, caseId: about.id, kind: 'card', audience: 'officer', state: 'confirmed' } as const
    await addOutboxRow(db, { ...card, placeKind: 'group', placeId: group.id, attemptEndedAt: plusMs(now, -minute) })

    expect(await carriedOut(await say('@Mặt trận xã Cát Ngạn Cần CCCD.', 2_000, true))).toBe('case_offered')
    expect(await carriedOut(await say('@Mặt trận xã Cát Ngạn đúng', 1_000, true))).toBe('answer')
    expect((await answers())[0]?.text).toContain('\nCần CCCD.\n')
  })

  it('what does not call the bot is talk among colleagues', async () => {
    expect(await carriedOut(await say('Chiều nay họp mấy giờ?', 0, false))).toBe('office_talk')
    expect(await notices()).toEqual([])
  })
})

describe('a photo', () => {
  const photo = { kind: 'photo', url: 'https://cdn.zdn.vn/a.jpg', name: null }
  async function sent(
    text: string | null,
    state: 'fetched' | 'failed',
  ): Promise<{ message: StoredEvent; file: FileId }> {
    const at = plusMs(now, -2_000)
    const written = { kind: 'message', place, authorId: 'xuan', text, occurredAt: at, recordedAt: at } as const
    const message = await addEvent(db, bot, { ...written, attachments: [photo] })
    const file = newId(FileId, now)
    const bytes = { sha256: 'a'.repeat(64), mediaType: 'image/jpeg', bytes: 10 }
    const facts = { state, ...(state === 'fetched' ? bytes : {}), changedAt: now }
    await db
      .insertInto('files')
      .values({ id: file, eventId: message.id, caseId: null, position: 0, number: 1, kind: 'photo', ...facts })
      .execute()
    return { message, file }
  }
  const withPhotos: Means = { ...botMeans, photoWith: { public: 'inside', resident: 'after' } }
  const carry = async (message: StoredEvent, kept: FileId | 'lost' | null): Promise<string> =>
    (await executeMessage(db, officer, message, async () => withPhotos, now, kept)).outcome

  it('goes out with the words that were asked about', async () => {
    await shown()
    const { message, file } = await sent('Sơ đồ đây ạ.', 'fetched')

    expect(await carry(message, file)).toBe('case_offered')
    expect(await carry(await write('đúng'), null)).toBe('answer')
    expect(await db.selectFrom('outbox').select('fileId').where('kind', '=', 'answer').execute()).toEqual([
      { fileId: file },
    ])
  })

  it('without words is asked about too, and waits for them', async () => {
    await shown()
    const { message, file } = await sent(null, 'fetched')

    expect(await carry(message, file)).toBe('case_offered')
    expect(await carry(await write('đúng'), null)).toBe('photo_offered')
  })

  it('that cannot be had keeps its words from being sent alone', async () => {
    await shown()
    const { message } = await sent('Sơ đồ đây ạ.', 'failed')

    await carry(message, 'lost')
    expect(await carry(await write('đúng'), null)).toBe('photo_lost')
    expect(await answers()).toEqual([])
  })
})
