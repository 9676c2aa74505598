import { afterAll, expect, it } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
let passed = 0
const begun = performance.now()
const start = new Date('2026-11-24T09:00:00+07:00')
const clock = (): Date => plusMs(start, performance.now() - begun + passed)
const office = await openOffice(connection, {}, undefined, clock)
const { app, facebook, zalo, town } = office
afterAll(() => office.stop())

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

function replies(commentId: string) {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
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

async function pauseReason(): Promise<string | null | undefined> {
  const lane = await app.db
    .selectFrom('accountLanes')
    .select('pauseReason')
    .where('platform', '=', 'facebook')
    .executeTakeFirst()
  return lane?.pauseReason
}
