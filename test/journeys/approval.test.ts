import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { findAccount } from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { release } from '../../src/outbox/held.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import { setMode } from '../../src/publishing/modes.ts'
import { testDatabase } from '../support/database.ts'
import { employ } from '../support/employ.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, facebook, zalo, town } = office
afterAll(() => office.stop())

const officersChat = { group: town.zalo.officersGroup }
const chatOf = (person: string) => ({ account: town.zalo.uid, person })
const by = { by: { actor: 'test' }, reason: null }
const page = await pageId()

beforeEach(async () => {
  await app.db.deleteFrom('duties').where('duty', '=', 'approves').execute()
  await setPage('approve_all')
})

it('an answer is published once a second person has agreed, without a receipt before it', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves', 'xa-cat-ngan')
  const commentId = comment('Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?')
  const card = await cardAbout('tách hộ khẩu')

  expect(card.text).toContain('được người duyệt xem trước; duyệt xong mới hiện công khai')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Cần CCCD và tờ khai CT01.', quote: card.msgId })
  const question = await approvalAbout('tam', 'CT01')
  await until(() => officersRead('đang chờ người duyệt'), { what: 'the author is told' })
  expect(question.text).toContain('Người soạn: Phan Thị Hoa')
  expect(question.text).toContain('tách hộ khẩu')
  zalo.say({ ...officersChat, person: 'tam', text: 'Mang theo CCCD là được.', quote: card.msgId })
  await until(() => officersRead('đang được giữ lại, chưa đăng ra ngoài, nên tin vừa gửi'), {
    what: 'the slower one is told that an answer waits',
  })
  expect(replies(commentId)).toEqual([])

  zalo.say({ ...chatOf('tam'), text: 'Duyệt', quote: question.msgId })

  await until(() => replies(commentId).some((text) => text.includes('CT01')), { what: 'the answer is public' })
  await until(() => officersRead('đã hiện công khai'), { what: 'the author is told that it stands' })
  expect(replies(commentId)).toHaveLength(1)
  expect(await historyOf(commentId)).toContain('approved')
})

it('whoever wrote the answer is not asked: the next above is, and the author’s own yes does nothing', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves', 'xa-cat-ngan')
  await employ(app.db, 'Trần Đình Quang', 'approves', 'tinh-nghe-an')
  const commentId = comment('Cho hỏi lịch tiếp công dân của xã?')
  const card = await cardAbout('tiếp công dân')

  zalo.say({ ...officersChat, person: 'tam', text: 'Sáng thứ năm hằng tuần.', quote: card.msgId })
  const question = await approvalAbout('quang', 'Sáng thứ năm')
  const notice = await until(() => read(officersChat, 'đang chờ người duyệt', codeIn(card.text)), {
    what: 'the author is told',
  })
  zalo.say({ ...officersChat, person: 'tam', text: 'duyệt', quote: notice.msgId })
  await until(() => read(officersChat, 'Xin trả lời đúng tin “CHỜ DUYỆT”'), { what: 'the author’s yes is refused' })
  expect(read(chatOf('tam'), 'Sáng thứ năm')).toBeUndefined()
  expect(replies(commentId)).toEqual([])

  zalo.say({ ...chatOf('quang'), text: 'duyet', quote: question.msgId })

  await until(() => replies(commentId).some((text) => text.includes('Sáng thứ năm')), { what: 'it is public' })
})

it('an answer that is given back goes to its author with the reason, and only the new one is published', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves', 'xa-cat-ngan')
  const commentId = comment('Cho hỏi trạm y tế xã mở cửa lúc nào?')
  const card = await cardAbout('trạm y tế')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Mở cả tuần.', quote: card.msgId })
  const first = await approvalAbout('tam', 'Mở cả tuần')

  zalo.say({ ...chatOf('tam'), text: 'Ghi rõ giờ đi', quote: first.msgId })
  await until(() => read(chatOf('tam'), 'Xin trả lời đúng tin này'), {
    what: 'what is neither yes nor no is asked again',
  })
  zalo.say({ ...chatOf('tam'), text: 'Trả lại: thiếu giờ mở cửa', quote: first.msgId })
  const returned = await until(() => read(officersChat, 'thiếu giờ mở cửa'), { what: 'the author reads why' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Từ 7 giờ đến 17 giờ.', quote: returned.msgId })
  const second = await approvalAbout('tam', 'Từ 7 giờ')

  zalo.say({ ...chatOf('tam'), text: 'duyệt', quote: first.msgId })
  await until(() => read(chatOf('tam'), 'đã được Lê Văn Tâm trả lại trước đó'), { what: 'the old card is over' })
  expect(replies(commentId)).toEqual([])
  zalo.say({ ...chatOf('tam'), text: 'duyệt', quote: second.msgId })

  await until(() => replies(commentId).some((text) => text.includes('Từ 7 giờ')), { what: 'the new one is public' })
  expect(replies(commentId)).toHaveLength(1)
  expect(await historyOf(commentId)).toContain('answer_returned')
})

it('of two who are asked the first decides, and the other reads who it was', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves', 'xa-cat-ngan')
  await employ(app.db, 'Trần Đình Quang', 'approves', 'xa-cat-ngan')
  const commentId = comment('Cho hỏi sân bóng xã mở cửa tới mấy giờ?')
  const card = await cardAbout('sân bóng xã')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tới 20 giờ.', quote: card.msgId })
  const [toTam, toQuang] = [await approvalAbout('tam', 'Tới 20 giờ'), await approvalAbout('quang', 'Tới 20 giờ')]

  zalo.say({ ...chatOf('tam'), text: 'trả lại: ghi thêm ngày nghỉ', quote: toTam.msgId })

  const code = codeIn(card.text)
  await until(() => read(chatOf('quang'), 'Lê Văn Tâm đã trả lại', code, 'ghi thêm ngày nghỉ'), {
    what: 'the other reads who decided, and why',
  })
  const returned = await until(() => read(officersChat, 'ghi thêm ngày nghỉ', code), { what: 'the author reads why' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tới 20 giờ, thứ hai nghỉ.', quote: returned.msgId })
  const again = await approvalAbout('quang', 'thứ hai nghỉ')
  const slower = await approvalAbout('tam', 'thứ hai nghỉ')
  zalo.say({ ...chatOf('quang'), text: 'duyệt', quote: again.msgId })
  await until(() => read(chatOf('tam'), 'Trần Đình Quang đã duyệt', code), { what: 'the other reads who agreed' })
  zalo.say({ ...chatOf('tam'), text: 'duyệt', quote: slower.msgId })
  await until(() => read(chatOf('tam'), 'đã được Trần Đình Quang duyệt trước đó'), { what: 'who was faster is said' })
  zalo.say({ ...chatOf('quang'), text: 'trả lại: thôi', quote: toQuang.msgId })
  await until(() => read(chatOf('quang'), 'đã được Lê Văn Tâm trả lại trước đó'), { what: 'also of the first one' })

  await until(() => replies(commentId).some((text) => text.includes('thứ hai nghỉ')), { what: 'it is public' })
  expect(replies(commentId)).toHaveLength(1)
})

it('where nobody can be asked it stays held and is shown, and whoever comes later is asked', async () => {
  const commentId = comment('Cho hỏi giá nước sạch nông thôn?')
  const card = await cardAbout('nước sạch')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Theo biểu giá của tỉnh.', quote: card.msgId })
  await until(() => officersRead('chưa có ai được giao duyệt'), { what: 'the author is told' })
  expect(await part('withoutApprover')).toBe('1')

  await employ(app.db, 'Trần Đình Quang', 'approves', 'tinh-nghe-an')
  await app.queues.enqueue('sweep', {}, { lane: 'live' })

  const question = await approvalAbout('quang', 'biểu giá của tỉnh')
  expect(await part('withoutApprover')).toBe('0')
  expect(replies(commentId)).toEqual([])
  zalo.say({ ...chatOf('quang'), text: 'duyệt', quote: question.msgId })
  await until(() => replies(commentId).some((text) => text.includes('biểu giá')), { what: 'it is public' })
})

it('who only listens says nothing, holds every answer, and lets go by hand alone', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves', 'xa-cat-ngan')
  await setPage('listen_only')
  const commentId = comment('Cho hỏi khi nào phát thẻ bảo hiểm y tế?')
  const card = await cardAbout('thẻ bảo hiểm')
  expect(card.text).toContain('chế độ chỉ nghe: câu trả lời được giữ lại, chưa đăng và chưa gửi cho ai')
  expect(card.text).not.toContain('hiện công khai')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Phát tại nhà văn hóa.', quote: card.msgId })
  const code = codeIn(card.text)
  await until(() => read(officersChat, `Đã nhận câu trả lời cho ${code}`, 'chỉ nghe'), { what: 'the officer is told' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'ẩn: lộ số điện thoại', quote: card.msgId })
  const hidden = await until(() => read(officersChat, 'Đã ẩn bình luận', code), { what: 'hiding needs no yes' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'hiện lại', quote: hidden.msgId })
  await until(() => read(officersChat, code, 'bình luận vẫn được ẩn'), { what: 'showing it again waits, aloud' })

  await setPage('publish')
  const other = comment('Cho hỏi bao giờ họp xóm?')
  await until(() => replies(other).length > 0, { what: 'what comes later is acknowledged' })
  expect(read(chatOf('tam'), 'Phát tại nhà văn hóa')).toBeUndefined()
  expect(replies(commentId)).toEqual([])

  await release(app.db, page, by, new Date())

  await until(() => replies(commentId).some((text) => text.includes('nhà văn hóa')), { what: 'it is public' })
  expect(replies(commentId)).toHaveLength(1)
})

async function pageId(): Promise<AccountId> {
  const account = await findAccount(app.db, 'facebook', town.pageId)
  if (account === null) throw new Error('expected the Page')
  return account.id
}

async function setPage(mode: PublishingMode): Promise<void> {
  const about = { scope: 'account', accountId: page } as const
  await transaction(app.db, 'switch-publishing', (tx) => setMode(tx, about, mode, by, new Date()))
}

function comment(text: string): string {
  const author = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author, text })
}

function read(chat: Parameters<typeof zalo.conversation>[0], ...words: string[]) {
  return zalo.conversation(chat).find(({ text }) => words.every((word) => text.includes(word)))
}

function officersRead(words: string): boolean {
  return read(officersChat, words) !== undefined
}

const cardAbout = (words: string) => until(() => read(officersChat, 'mới · DH-', words), { what: `the card: ${words}` })
const approvalAbout = (person: string, words: string) =>
  until(() => read(chatOf(person), 'CHỜ DUYỆT', words), { what: `${person} is asked about ${words}` })

function codeIn(text: string): string {
  return /DH-\w{3}-\w{3}/.exec(text)?.[0] ?? 'no code'
}

function replies(commentId: string): string[] {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies.map((reply) => reply.text) ?? []
}

async function historyOf(commentId: string): Promise<string[]> {
  const rows = await app.db
    .selectFrom('caseHistory')
    .innerJoin('cases', 'cases.id', 'caseHistory.caseId')
    .innerJoin('events', 'events.id', 'cases.originEventId')
    .select('what')
    .where('events.messageId', '=', commentId)
    .execute()
  return rows.map(({ what }) => what)
}

async function part(name: string): Promise<string | undefined> {
  const { parts } = (await (await fetch(`${app.url}/health/ready`)).json()) as { parts: Record<string, string> }
  return parts[name]
}
