import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import { setMode } from '../../src/publishing/modes.ts'
import { type FileServer, openFileServer } from '../files/file-server.ts'
import { png } from '../files/pictures.ts'
import { testDatabase } from '../support/database.ts'
import { employ } from '../support/employ.ts'
import { openOffice } from '../support/office.ts'
import { until as untilIn } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, facebook, zalo, town } = office
const photo = png(320, 240)
let cdn: FileServer
beforeAll(async () => {
  cdn = await openFileServer({
    '/photo.jpg': photo,
    '/other.jpg': png(200, 100),
    '/page.jpg': Buffer.from('<!DOCTYPE html>'),
  })
})
afterAll(async () => {
  await office.stop()
  await cdn.close()
})
afterEach(() => facebook.heal())

/** Fetching, uploading and looking again are many steps: on a busy machine they take their time. */
const until: typeof untilIn = (probe, options) => untilIn(probe, { timeoutMs: 40_000, ...options })

const officersChat = { group: town.zalo.officersGroup }
const residentsChat = { group: town.zalo.residentsGroup }

it('an officer’s photo with words under it is published under the question, once, as bytes that we keep', async () => {
  const commentId = comment('Cho hỏi sơ đồ đường tránh lũ ở đâu?')
  const card = await cardAbout('đường tránh lũ')

  send('Đi theo sơ đồ này.', card.msgId)

  const reply = await until(() => replies(commentId).find(({ text }) => text.includes('sơ đồ này')), {
    what: 'the answer is public',
  })
  expect(reply.photoUrl).toMatch(new RegExp(`^${facebook.url}/`))
  expect(await bytesAt(reply.photoUrl)).toEqual(photo)
  await until(() => officersSaw('Câu trả lời kèm ảnh đã hiện công khai', codeIn(card.text)), {
    what: 'who sent it is told',
  })
  expect(replies(commentId).filter(({ text }) => text.includes('sơ đồ này'))).toHaveLength(1)
})

it('a photo and then words are one answer, and the photo alone publishes nothing', async () => {
  const commentId = comment('Cho hỏi mẫu đơn xin xác nhận hộ nghèo?')
  const card = await cardAbout('mẫu đơn xin xác nhận')

  send('', card.msgId)
  await until(() => officersSaw('Đã nhận ảnh cho', codeIn(card.text), 'chưa đăng gì'), { what: 'it is said' })
  expect(answers(commentId)).toEqual([])
  zalo.say({ ...officersChat, person: 'hoa', text: 'Bác điền theo mẫu này.', quote: card.msgId })

  const reply = await until(() => answers(commentId)[0], { what: 'the answer is public' })
  expect(reply.text).toContain('Bác điền theo mẫu này.')
  expect(await bytesAt(reply.photoUrl)).toEqual(photo)
  expect(answers(commentId)).toHaveLength(1)
})

it('a photo without words waits for its own officer alone', async () => {
  const commentId = comment('Cho hỏi lịch phun thuốc muỗi của xã?')
  const card = await cardAbout('phun thuốc muỗi')
  send('', card.msgId)
  await until(() => officersSaw('Đã nhận ảnh cho', codeIn(card.text)), { what: 'it waits' })

  zalo.say({ ...officersChat, person: 'tam', text: 'Phun sáng thứ hai.', quote: card.msgId })

  const reply = await until(() => answers(commentId)[0], { what: 'the answer of the other is public' })
  expect(reply).toMatchObject({ text: expect.stringContaining('sáng thứ hai'), photoUrl: null })
  send('', card.msgId)
  await until(() => officersSaw(codeIn(card.text), 'đã có câu trả lời rồi'), { what: 'a later photo is refused aloud' })
})

it.each([
  ['of the upload', /\/photos$/],
  ['of the comment', /\/comments$/],
])('when the answer %s is lost, the answer and its photo stand once', async (what, path) => {
  const commentId = comment(`Cho hỏi vị trí điểm tiêm chủng? ${what}`)
  const card = await cardAbout(what)
  await until(() => replies(commentId).length === 1, { what: 'it is acknowledged' })
  facebook.weather({ ownEcho: 'never' })
  facebook.fail({ match: { method: 'POST', path }, how: how.createThenReset() })

  send('Ở trạm y tế, như trong ảnh.', card.msgId)

  await until(() => officersSaw('Câu trả lời kèm ảnh đã hiện công khai', codeIn(card.text)), { what: 'it stands' })
  expect(answers(commentId)).toHaveLength(1)
  expect(await bytesAt(answers(commentId)[0]?.photoUrl ?? null)).toEqual(photo)
})

it.each([
  ['is no picture', '/page.jpg'],
  ['has expired', '/expired.jpg'],
])('of an answer whose photo %s nothing is published, and that is said', async (what, path) => {
  const commentId = comment(`Cho hỏi biểu giá nước? ${what}`)
  const card = await cardAbout(what)
  await until(() => replies(commentId).length === 1, { what: 'it is acknowledged' })

  send('Theo biểu giá trong ảnh.', card.msgId, path)

  await until(() => officersSaw('chưa có gì được đăng', codeIn(card.text)), { what: 'who sent it is told' })
  expect(answers(commentId)).toEqual([])
  zalo.say({ ...officersChat, person: 'hoa', text: 'Xem biểu giá tại xã.', quote: card.msgId })
  await until(() => answers(commentId).length === 1, { what: 'words alone are published' })
})

it('a photo that Facebook refuses is told of, and the answer is owed again', async () => {
  const commentId = comment('Cho hỏi quy hoạch khu dân cư mới?')
  const card = await cardAbout('khu dân cư mới')
  facebook.fail({ match: { method: 'POST', path: /\/photos$/ }, how: how.refuse(324) })

  send('Bản đồ đây ạ.', card.msgId)

  const told = await until(() => officersSaw('không nhận câu trả lời kèm ảnh', codeIn(card.text)), {
    what: 'it is told',
  })
  expect(answers(commentId)).toEqual([])
  zalo.say({ ...officersChat, person: 'hoa', text: 'Bản đồ treo tại xã.', quote: told.msgId })
  await until(() => answers(commentId).length === 1, { what: 'words alone are published' })
})

it('in a private reply on Facebook the words go alone, and that is said', async () => {
  comment('Cho hỏi hồ sơ người có công của bố tôi?')
  const card = await cardAbout('người có công của bố tôi')

  send('riêng: Giấy hẹn của bác đây.', card.msgId)

  await until(() => officersSaw(codeIn(card.text), 'ảnh không được gửi'), { what: 'who sent it is told' })
  await until(() => facebook.log.some((one) => one.kind === 'private' && one.text.includes('Giấy hẹn')), {
    what: 'the words arrive',
  })
})

it('with the words “đăng bài” under it a photo becomes a post with that photo, once', async () => {
  facebook.fail({ match: { method: 'POST', path: /\/feed$/ }, how: how.createThenReset() })

  send('đăng bài: Mời bà con xem sơ đồ chợ mới.')

  await until(() => officersSaw('Đã đăng bài lên trang', 'sơ đồ chợ mới'), { what: 'it stands' })
  const posts = facebook.wall(town.pageId).posts.filter(({ text }) => text.includes('sơ đồ chợ mới'))
  expect(posts).toHaveLength(1)
  expect(await bytesAt(posts[0]?.photoUrl ?? null)).toEqual(photo)
})

it('whoever has to agree sees the photo too, and may quote it', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves')
  await setPage('approve_all')
  const commentId = comment('Cho hỏi mẫu biển số nhà mới?')
  const card = await cardAbout('biển số nhà')
  send('Theo mẫu này.', card.msgId)
  const chat = { account: town.zalo.uid, person: 'tam' }
  const asked = await until(() => saw(chat, 'CHỜ DUYỆT', 'Theo mẫu này'), { what: 'the approver is asked' })
  const shown = await until(() => saw(chat, 'Ảnh sẽ hiện kèm', codeIn(card.text)), { what: 'the approver sees it' })
  expect(asked.text).toContain('Kèm 1 ảnh')
  expect(await bytesAt(String(shown.content?.href))).toEqual(photo)

  zalo.say({ ...chat, text: 'duyệt', quote: shown.msgId })

  const reply = await until(() => replies(commentId)[0], { what: 'the answer is public' })
  expect(await bytesAt(reply.photoUrl)).toEqual(photo)
  await setPage('publish')
})

it('in a Zalo group the photo follows the answer, once', async () => {
  zalo.say({ ...residentsChat, person: 'lan', text: '#hoi Cho hỏi sơ đồ nhà văn hóa mới?' })
  const card = await cardAbout('nhà văn hóa mới')

  send('Sơ đồ trong ảnh dưới đây.', card.msgId)

  const answer = await until(() => saw(residentsChat, 'Sơ đồ trong ảnh'), { what: 'the answer is in the group' })
  const shown = await until(() => saw(residentsChat, 'Ảnh kèm câu trả lời'), { what: 'the photo is in the group' })
  await until(() => officersSaw('Ảnh kèm câu trả lời cũng đã được gửi', codeIn(card.text)), { what: 'it is told' })
  expect(answer.quote?.text).toContain('sơ đồ nhà văn hóa mới')
  expect(await bytesAt(String(shown.content?.href))).toEqual(photo)
  expect(Number(shown.msgId)).toBeGreaterThan(Number(answer.msgId))
  expect(zalo.conversation(residentsChat).filter(({ msgType }) => msgType === 'chat.photo')).toHaveLength(1)
})

it('what colleagues show one another is not fetched', async () => {
  const said = zalo.say({
    ...officersChat,
    person: 'hoa',
    text: 'Cháu nhà em',
    photo: { href: `${cdn.url}/private.jpg` },
  })

  await until(async () => (await outcomeOf(said.id)) === 'office_talk', { what: 'it was looked at' })

  expect(cdn.asked.map(({ path }) => path)).not.toContain('/private.jpg')
})

function comment(text: string): string {
  // Each under a post of its own: two questions of a person in one place would be one case.
  const postId = facebook.addPost(town.pageId, { text: 'Dân hỏi – Mặt trận trả lời' })
  return facebook.comment({ pageId: town.pageId, postId, author: { id: '240001', name: 'Gia' }, text })
}

/** Hoa sends a photo with words under it. */
function send(text: string, quote?: string, path = '/photo.jpg'): void {
  const quoted = quote === undefined ? {} : { quote }
  zalo.say({ ...officersChat, person: 'hoa', text, photo: { href: `${cdn.url}${path}` }, ...quoted })
}

function saw(chat: Parameters<typeof zalo.conversation>[0], ...words: string[]) {
  return zalo.conversation(chat).findLast(({ text }) => words.every((word) => text.includes(word)))
}

function officersSaw(...words: string[]) {
  return saw(officersChat, ...words)
}

function cardAbout(words: string) {
  return until(() => officersSaw('mới · DH-', words), { what: `the card about “${words}” is in the officers’ chat` })
}

function codeIn(text: string): string {
  return /DH-\w{3}-\w{3}/.exec(text)?.[0] ?? 'no code'
}

function replies(commentId: string) {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies ?? []
}

/** Without the acknowledgement. */
function answers(commentId: string) {
  return replies(commentId).filter(({ text }) => text.includes(' trả lời:\n'))
}

async function bytesAt(address: string | null): Promise<Buffer> {
  return Buffer.from(await (await fetch(address ?? 'none:')).arrayBuffer())
}

async function outcomeOf(messageId: string): Promise<string | null | undefined> {
  const row = await app.db.selectFrom('events').select('outcome').where('messageId', '=', messageId).executeTakeFirst()
  return row?.outcome
}

async function setPage(mode: PublishingMode): Promise<void> {
  const account = await findAccount(app.db, 'facebook', town.pageId)
  if (account === null) throw new Error('expected the Page')
  const why = { by: { actor: 'test' }, reason: null }
  const about = { scope: 'account', accountId: account.id } as const
  await transaction(app.db, 'switch-publishing', (tx) => setMode(tx, about, mode, why, new Date()))
}
