import { beforeEach, expect, it } from 'vitest'
import type { Case } from '../../src/cases/store.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, OfficerId, UnitId } from '../../src/lib/ids.ts'
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
