import { afterAll, afterEach, expect, it } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { facebook, zalo, town } = office
afterAll(() => office.stop())
afterEach(() => facebook.heal())

const officersChat = { group: town.zalo.officersGroup }
const desk = { account: town.zalo.uid, person: town.zalo.deskOfficer.person }

it('a comment has a short answer in public and the details in private, and what its author then writes belongs to it', async () => {
  const commentId = comment('Cho hỏi hồ sơ hưởng trợ cấp của mẹ tôi tới đâu rồi?')
  const card = await cardAbout('trợ cấp của mẹ tôi')

  say('Hồ sơ đang được giải quyết, xã đã nhắn riêng cho bác.', card.msgId)
  await until(() => standing(commentId, 'nhắn riêng cho bác'), { what: 'the short answer is public' })
  say('riêng: Hồ sơ số 112 thiếu giấy chứng tử.', card.msgId)
  const detail = await until(() => privately('thiếu giấy chứng tử')[0], { what: 'the details are in private' })
  await until(() => officersRead('Đã gửi câu trả lời cho người hỏi'), { what: 'the officer is told' })

  facebook.message({ pageId: town.pageId, psid: detail.psid, text: 'Cho hỏi giấy chứng tử nộp ở đâu?' })
  const added = await until(() => officersSaw('giấy chứng tử nộp ở đâu', codeIn(card.text)), {
    what: 'the addition is told as part of the same case',
  })
  expect(added.text).toContain('Tin này được nhắn riêng')
  expect(added.text).toMatch(/Trả lời riêng được đến \d\d:\d\d ngày \d\d\/\d\d/)
  say('Nộp tại bàn số 3.', added.msgId)

  await until(() => privately('bàn số 3').length > 0, { what: 'the answer to it is in private' })
  expect(privately('thiếu giấy chứng tử')).toMatchObject([{ what: 'private_reply', commentId }])
  expect(privately('bàn số 3')).toMatchObject([{ what: 'message', psid: detail.psid }])
  expect(publicly('thiếu giấy chứng tử')).toEqual([])
  expect(publicly('bàn số 3')).toEqual([])
  expect(publicly('nhắn riêng cho bác')).toHaveLength(1)
})

it('a private reply that nobody heard of is sent once, and the second of a comment is not tried', async () => {
  facebook.weather({ ownEcho: 'never' })
  facebook.fail({ match: { method: 'POST', path: /\/messages$/ }, how: how.createThenReset() })
  comment('Cho hỏi hồ sơ cấp lại thẻ của tôi tới đâu rồi?')
  const card = await cardAbout('cấp lại thẻ')

  say('riêng: Bác có tên ở dòng 14.', card.msgId)
  await until(() => stateOf('private_reply', 'dòng 14', 'confirmed'), { what: 'it is found on the platform' })
  say('riêng: Bác mang theo giấy mời.', card.msgId)

  await until(() => officersRead('Facebook chỉ cho một lần'), { what: 'the second is refused' })
  expect(privately('dòng 14')).toHaveLength(1)
  expect(privately('giấy mời')).toEqual([])
})

it('where Facebook allows no private reply, the officers learn that the public answer is what is left', async () => {
  facebook.fail({ match: { method: 'POST', path: /\/messages$/ }, how: how.refuse(10902) })
  const commentId = comment('Cho hỏi kết quả xét hộ nghèo nhà tôi?')
  const card = await cardAbout('xét hộ nghèo')

  say('riêng: Nhà bác được 32 điểm.', card.msgId)
  const told = await until(() => officersSaw('Chỉ còn cách trả lời công khai', codeIn(card.text)), {
    what: 'the officers are told',
  })
  say('Kết quả đã niêm yết tại nhà văn hóa.', told.msgId)

  await until(() => standing(commentId, 'niêm yết'), { what: 'the public answer stands' })
  expect(privately('32 điểm')).toEqual([])
  expect(publicly('32 điểm')).toEqual([])
})

it('the author of a post on the wall is answered in private once, and the post itself cannot be hidden', async () => {
  const author = { id: '240031', name: 'Cô Liễu' }
  const postId = facebook.visitorPost({ pageId: town.pageId, author, text: 'Cho hỏi chế độ thương binh của bố tôi?' })
  const card = await cardAbout('chế độ thương binh')
  facebook.weather({ ownEcho: 'never' })
  facebook.fail({ match: { method: 'POST', path: /\/messages$/ }, how: how.createThenReset() })

  say('riêng: Hồ sơ của bác thiếu giấy ra quân.', card.msgId)
  await until(() => stateOf('private_reply', 'giấy ra quân', 'confirmed'), { what: 'it is found on the platform' })
  say('riêng: Mang thêm ảnh thẻ.', card.msgId)
  await until(() => officersSaw(codeIn(card.text), 'Facebook chỉ cho một lần'), { what: 'the second is refused' })
  say('ẩn: lộ thông tin gia đình', card.msgId)

  await until(() => officersSaw(codeIn(card.text), 'Facebook không cho phần mềm ẩn bài'), { what: 'it is said' })
  expect(privately('giấy ra quân')).toMatchObject([{ what: 'private_reply', commentId: postId }])
  expect(privately('ảnh thẻ')).toEqual([])
  expect(posts('chế độ thương binh')).toHaveLength(1)
})

it('a private reply that was given by hand before counts as given', async () => {
  facebook.fail({ match: { method: 'POST', path: /\/messages$/ }, how: how.refuse(10900) })
  comment('Cho hỏi số tiền hỗ trợ nhà tôi là bao nhiêu?')
  const card = await cardAbout('số tiền hỗ trợ nhà tôi')

  say('riêng: Nhà bác được 5 triệu đồng.', card.msgId)

  await until(() => stateOf('private_reply', '5 triệu', 'confirmed'), { what: 'it is taken for done' })
  expect(privately('5 triệu')).toEqual([])
})

it('a public answer is edited in place, once, although nobody heard of the edit', async () => {
  const commentId = comment('Cho hỏi số điện thoại trạm y tế?')
  const card = await cardAbout('trạm y tế')
  say('Số 0238 111.', card.msgId)
  const told = await until(() => officersSaw('đã hiện công khai', codeIn(card.text)), { what: 'it is public' })
  const [before] = answers(commentId)
  facebook.weather({ ownEcho: 'never' })
  facebook.fail({ match: { method: 'POST', path: /^\/\d+_\d+$/ }, how: how.createThenReset() })

  say('sửa: Số 0238 222.', told.msgId)

  await until(() => officersSaw('Đã sửa câu trả lời', codeIn(card.text)), { what: 'the officer is told' })
  const [after] = answers(commentId)
  expect(answers(commentId)).toHaveLength(1)
  expect(after).toMatchObject({ id: before?.id })
  expect(after?.text).toContain('0238 222')
  expect(markOf(after?.text)).toBe(markOf(before?.text))
  expect(changes('comment_edit', '0238 222')).toHaveLength(1)
})

it('an answer is taken down with a reason, once, and the case may be answered again', async () => {
  const commentId = comment('Cho hỏi lịch cắt điện tuần này?')
  const card = await cardAbout('lịch cắt điện')
  say('Cắt điện sáng thứ hai.', card.msgId)
  const told = await until(() => officersSaw('đã hiện công khai', codeIn(card.text)), { what: 'it is public' })

  say('gỡ', told.msgId)
  await until(() => officersRead('Xin ghi lý do gỡ'), { what: 'a reason is asked for' })
  facebook.fail({ match: { method: 'DELETE' }, how: how.createThenReset() })
  say('gỡ: nhầm tuần', told.msgId)

  const gone = await until(() => officersSaw('Đã gỡ khỏi trang', codeIn(card.text)), { what: 'the officer is told' })
  expect(answers(commentId)).toEqual([])
  expect(officersSaw('đã bị xóa trên trang', codeIn(card.text))).toBeUndefined()
  say('Cắt điện sáng thứ ba.', gone.msgId)
  await until(() => standing(commentId, 'sáng thứ ba'), { what: 'the new answer is public' })
  expect(answers(commentId)).toHaveLength(1)
  expect(changes('comment_remove', '')).toHaveLength(1)
})

it('a comment is hidden by an officer with a reason, once, and shown again', async () => {
  const commentId = comment('Cho hỏi đường xóm bao giờ đổ bê tông? Ai cần gọi 0912000111')
  const card = await cardAbout('đổ bê tông')
  facebook.fail({ match: { method: 'POST', path: /^\/\d+_\d+$/ }, how: how.createThenReset() })

  say('ẩn: lộ số điện thoại', card.msgId)

  const told = await until(() => officersSaw('Đã ẩn bình luận', codeIn(card.text)), { what: 'the officer is told' })
  expect(isSeen(commentId)).toBe(false)
  expect(changes('comment_hide', '0912000111')).toHaveLength(1)
  say('hiện lại', told.msgId)
  await until(() => isSeen(commentId), { what: 'everybody sees it again' })
  await until(() => officersSaw('đã hiện lại với mọi người', codeIn(card.text)), { what: 'the officer is told' })
  expect(changes('comment_unhide', '0912000111')).toHaveLength(1)
})

it('an accusation that names somebody is hidden by the desk that has it, and nothing else of it leaves', async () => {
  const commentId = comment('Tôi tố cáo ông Nguyễn Văn Tèo trưởng thôn ăn chặn tiền cứu trợ của dân')
  const card = await until(() => zalo.conversation(desk).find(({ text }) => text.includes('Văn Tèo')), {
    what: 'the desk has it',
  })

  zalo.say({ ...desk, text: 'ẩn: nêu đích danh khi chưa có kết luận', quote: card.msgId })

  await until(() => zalo.conversation(desk).some(({ text }) => text.includes('Đã ẩn bình luận')), {
    what: 'the desk is told',
  })
  expect(isSeen(commentId)).toBe(false)
  expect(answers(commentId)).toEqual([])
  expect(officersRead('Văn Tèo')).toBe(false)
})

it('an officer posts on the Page, edits the post and takes it down, each once', async () => {
  facebook.fail({ match: { method: 'POST', path: /\/feed$/ }, how: how.createThenReset() })

  say('đăng bài: Mời bà con dự họp xóm tối thứ bảy.\nhttps://nghean.gov.vn/hop-xom')

  const told = await until(() => officersSaw('Đã đăng bài lên trang', 'họp xóm tối thứ bảy'), { what: 'it stands' })
  expect(posts('tối thứ bảy')).toHaveLength(1)
  expect(posts('tối thứ bảy')[0]?.text).toMatch(/Mã bài: \w{4}-\w{4}$/)
  expect(changes('post', 'tối thứ bảy')).toHaveLength(1)

  say('sửa: Mời bà con dự họp xóm tối chủ nhật.', told.msgId)
  const edited = await until(() => officersSaw('Đã sửa bài trên trang'), { what: 'it has other words' })
  expect(posts('tối chủ nhật')).toHaveLength(1)
  expect(posts('tối thứ bảy')).toEqual([])

  // To what they read last, which is about the same post.
  say('gỡ: hoãn họp', edited.msgId)
  await until(() => officersRead('Đã gỡ bài khỏi trang'), { what: 'it is gone' })
  expect(posts('tối chủ nhật')).toEqual([])
})

it('two acknowledgements in a row are worded differently', async () => {
  const first = comment('Cho hỏi giờ mở cửa thư viện xã?')
  await until(() => replies(first).length > 0, { what: 'the first is acknowledged' })
  const second = comment('Cho hỏi phí gửi xe ở chợ là bao nhiêu?', '240002')
  await until(() => replies(second).length > 0, { what: 'the second is acknowledged' })

  const [one, other] = [first, second].map((id) => replies(id)[0]?.text.split('\n\nMã:')[0])
  expect(one).not.toBe(other)
})

function comment(text: string, authorId = '240001'): string {
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author: { id: authorId, name: 'Gia' }, text })
}

function say(text: string, quote?: string): void {
  zalo.say({ ...officersChat, person: 'hoa', text, ...(quote === undefined ? {} : { quote }) })
}

function cardAbout(words: string) {
  return until(() => officersSaw('mới · DH-', words), { what: `the card about “${words}” is in the officers’ chat` })
}

function officersSaw(...words: string[]) {
  return zalo.conversation(officersChat).findLast(({ text }) => words.every((word) => text.includes(word)))
}

function officersRead(words: string): boolean {
  return officersSaw(words) !== undefined
}

function codeIn(text: string): string {
  return /DH-\w{3}-\w{3}/.exec(text)?.[0] ?? 'no code'
}

function markOf(text = ''): string | undefined {
  return /Mã: .*$/.exec(text)?.[0]
}

function comments() {
  return facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
}

function isSeen(commentId: string): boolean {
  return comments().some(({ id }) => id === commentId)
}

function replies(commentId: string) {
  return comments().find(({ id }) => id === commentId)?.replies ?? []
}

/** What stands under the comment, without the acknowledgement, which has the first number of the case. */
function answers(commentId: string) {
  return replies(commentId).filter(({ text }) => !/· 1$/.test(text))
}

function standing(commentId: string, words: string): boolean {
  return answers(commentId).some(({ text }) => text.includes(words))
}

function posts(words: string) {
  return facebook.wall(town.pageId).posts.filter(({ text }) => text.includes(words))
}

/** What the Page said to one person, as the simulator wrote it down. */
function privately(words: string) {
  return facebook.log.flatMap((entry) => (entry.kind === 'private' && entry.text.includes(words) ? [entry] : []))
}

/** What ever appeared in public in the Page's name with these words. */
function publicly(words: string) {
  return changes('comment', words)
}

function changes(what: string, words: string) {
  return facebook.log.filter(
    (entry) => entry.kind === 'public' && entry.via === 'graph' && entry.what === what && entry.text.includes(words),
  )
}

async function stateOf(kind: string, words: string, state: string): Promise<boolean> {
  const rows = await office.app.db
    .selectFrom('outbox')
    .select('state')
    .where('kind', '=', kind)
    .where('text', 'like', `%${words}%`)
    .execute()
  return rows.length > 0 && rows.every((row) => row.state === state)
}
