import { afterAll, expect, it, vi } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { findAccount, saveLogin } from '../../src/accounts/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until as untilIn } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const { connection } = await testDatabase()
let passed = 0
const begun = performance.now()
const start = new Date('2026-11-24T09:00:00+07:00')
const clock = (): Date => plusMs(start, performance.now() - begun + passed)
const office = await openOffice(connection, {}, undefined, clock)
const { app, facebook, zalo, town } = office
afterAll(() => office.stop())

/** A refusal, a look and news of it are many steps: on a busy machine they take their time. */
const until: typeof untilIn = (probe, options) => untilIn(probe, { timeoutMs: 40_000, ...options })

const officersChat = { group: town.zalo.officersGroup }

it('a Page that Facebook blocks keeps still, its officers are told once, and afterwards each answer stands once', async () => {
  const commentId = comment('Cho hỏi lịch tiêm phòng dại cho chó?')
  const card = await until(() => officersSaw('tiêm phòng dại'), { what: 'the card is there' })
  await until(() => replies(commentId).length === 1, { what: 'it is acknowledged' })
  facebook.fail({ match: { method: 'POST', path: /\/comments$/ }, how: how.refuse(368) })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Tiêm sáng thứ năm.', quote: card.msgId })
  await until(() => officersSaw('tạm khóa đăng của trang'), { what: 'the officers are told' })
  await until(async () => (await answerState()) === 'pending', { what: 'it was looked for and waits' })
  expect(await pauseReason()).toBe('blocked')
  // Another comment has its card; only what the Page would write waits.
  comment('Cho hỏi giá vắc xin dại?')
  await until(() => officersSaw('vắc xin dại'), { what: 'its card is there' })
  const readsBefore = reads(commentId)
  const writesBefore = writes().length

  passed += 4 * 3_600_000 + 60_000
  await app.queues.wake('send-facebook')

  await until(() => replies(commentId).some(({ text }) => text.includes('sáng thứ năm')), { what: 'it is public' })
  expect(readsBefore).toBeGreaterThan(0)
  expect(writes().length).toBeGreaterThan(writesBefore)
  expect(replies(commentId).filter(({ text }) => text.includes('sáng thứ năm'))).toHaveLength(1)
  const told = zalo.conversation(officersChat).filter(({ text }) => text.includes('tạm khóa đăng của trang'))
  expect(told).toHaveLength(1)
})

it('while one Page is blocked, another goes on publishing', async () => {
  const other = await addPage()
  const blockedId = comment('Cho hỏi khi nào nạo vét kênh mương?')
  const card = await until(() => officersSaw('nạo vét kênh'), { what: 'the card is there' })
  await until(() => replies(blockedId).length === 1, { what: 'it is acknowledged' })
  facebook.fail({ match: { method: 'POST', path: new RegExp(`^/${blockedId}/comments$`) }, how: how.refuse(368) })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Nạo vét trong tháng này.', quote: card.msgId })
  await until(() => wasTried('Nạo vét'), { what: 'the first Page has tried, and waits' })
  expect(await pauseReason()).toBe('blocked')

  const author = { id: '24000777', name: 'Lài' }
  const commentId = facebook.comment({ ...other, author, text: 'Cho hỏi lịch chiếu phim lưu động?' })
  const otherCard = await until(() => officersSaw('chiếu phim lưu động'), { what: 'the other card is there' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tối thứ bảy tại sân vận động.', quote: otherCard.msgId })

  await until(() => replies(commentId, other.pageId).some(({ text }) => text.includes('sân vận động')), {
    what: 'the answer stands on the other Page',
  })
  expect(await pauseReason()).toBe('blocked')
  expect(replies(blockedId).some(({ text }) => text.includes('Nạo vét'))).toBe(false)
  expect(replies(commentId, other.pageId).filter(({ text }) => text.includes('sân vận động'))).toHaveLength(1)
})

/** A second Page of the same commune. */
async function addPage(): Promise<{ pageId: string; postId: string }> {
  const page = { id: '100000000000102', name: 'Dân hỏi xóm Minh Sơn', token: 'SIMULATED-SECOND-TOKEN' }
  facebook.addPage(page)
  const postId = facebook.addPost(page.id, { text: 'Bà con hỏi gì xin viết ở đây' })
  const accounts = [{ platform: 'facebook', id: page.id, name: page.name, unit: 'xa-cat-ngan', mode: 'publish' }]
  await applySetup(app.db, app.keyRing, readSetup(JSON.stringify({ ...town.setup, accounts })), clock())
  const account = await findAccount(app.db, 'facebook', page.id)
  if (account === null) throw new Error('expected the second Page')
  await saveLogin(app.db, app.keyRing, account.id, page.token)
  return { pageId: page.id, postId }
}

function comment(text: string): string {
  return facebook.comment({
    pageId: town.pageId,
    postId: town.postId,
    author: { id: `24000${text.length}`, name: 'Gia' },
    text,
  })
}

function officersSaw(words: string) {
  return zalo.conversation(officersChat).find(({ text }) => text.includes(words))
}

function replies(commentId: string, pageId = town.pageId) {
  const comments = facebook.wall(pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies ?? []
}

function reads(commentId: string): number {
  const path = `/${commentId}/comments`
  return facebook.log.filter((entry) => entry.kind === 'call' && entry.method === 'GET' && entry.path === path).length
}

function writes() {
  return facebook.log.filter((entry) => entry.kind === 'call' && entry.method === 'POST' && entry.status === 200)
}

async function answerState(): Promise<string | undefined> {
  const row = await app.db.selectFrom('outbox').select('state').where('kind', '=', 'answer').executeTakeFirst()
  return row?.state
}

/** It was handed to Facebook, found to stand nowhere, and waits. */
async function wasTried(words: string): Promise<boolean> {
  const row = await app.db
    .selectFrom('outbox')
    .select('state')
    .where('kind', '=', 'answer')
    .where('text', 'like', `%${words}%`)
    .where('attemptEndedAt', 'is not', null)
    .executeTakeFirst()
  return row?.state === 'pending'
}

async function pauseReason(): Promise<string | null | undefined> {
  const lane = await app.db
    .selectFrom('accountLanes')
    .select('pauseReason')
    .innerJoin('accounts', 'accounts.id', 'accountLanes.accountId')
    .where('accounts.externalId', '=', town.pageId)
    .executeTakeFirst()
  return lane?.pauseReason
}
