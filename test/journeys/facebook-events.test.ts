import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { facebook, zalo, town } = office
afterAll(() => office.stop())

const officersChat = { group: town.zalo.officersGroup }

it('an officer who answers in Facebook itself is recognised, and nothing is posted a second time', async () => {
  const commentId = comment('Cho hỏi hội làng năm nay tổ chức ngày nào?')
  const card = await cardAbout('hội làng')

  facebook.officerRepliesInApp({ pageId: town.pageId, commentId, text: 'Ngày mười hai tháng giêng bác nhé.' })
  await until(() => officersRead('đã có người trả lời trực tiếp trên trang'), { what: 'the officers are told' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Ngày 12 tháng Giêng.', quote: card.msgId })

  await until(() => officersRead('đã có câu trả lời rồi'), { what: 'the late answer is held back' })
  expect(answers(commentId)).toEqual(['Ngày mười hai tháng giêng bác nhé.'])
})

it('what was written in Facebook and was no answer can be said so, and the case waits again', async () => {
  const commentId = comment('Cho hỏi bao giờ làm xong nhà văn hóa xóm?')
  const card = await cardAbout('nhà văn hóa')
  facebook.officerRepliesInApp({ pageId: town.pageId, commentId, text: 'Bác chờ chút ạ.' })
  const notice = await until(() => officersSaw('trả lời trực tiếp trên trang', codeOf(card)), {
    what: 'the officers are told',
  })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Mở lại', quote: notice.msgId })
  await until(() => officersRead('đã mở lại'), { what: 'it is open again' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Cuối quý sau ạ.', quote: card.msgId })

  await until(() => answers(commentId).some((text) => text.includes('Cuối quý sau')), { what: 'the answer is public' })
})

it('an answer that is deleted on Facebook is no longer published and can be given again', async () => {
  const commentId = comment('Cho hỏi lịch tiêm chủng tháng này?')
  const card = await cardAbout('tiêm chủng')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Ngày 25 hằng tháng.', quote: card.msgId })
  const answer = await until(() => replies(commentId).find(({ text }) => text.includes('Ngày 25')), {
    what: 'it is public',
  })
  await until(() => officersSaw('đã hiện công khai', codeOf(card)), { what: 'it is confirmed' })

  facebook.officerRemovesInApp({ commentId: answer.id })

  const notice = await until(() => officersSaw('đã bị xóa trên trang', codeOf(card)), { what: 'the officers are told' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Ngày 26 hằng tháng.', quote: notice.msgId })
  await until(() => answers(commentId).some((text) => text.includes('Ngày 26')), { what: 'the new answer is public' })
})

it('a comment that is edited after its answer is shown to the officers', async () => {
  const commentId = comment('Cho hỏi mấy giờ xã làm việc buổi sáng?')
  const card = await cardAbout('mấy giờ xã làm việc')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Bảy giờ ba mươi.', quote: card.msgId })
  await until(() => answers(commentId).length > 0, { what: 'the answer is public' })

  facebook.editComment({ commentId, text: 'Cho hỏi mấy giờ xã làm việc buổi chiều?' })

  await until(() => officersRead('buổi chiều'), { what: 'the officers read the new words' })
})

it('a comment that is edited into an accusation is restricted before anything of it is answered', async () => {
  const commentId = comment('Cho hỏi tiền hỗ trợ bão lũ phát khi nào?')
  const card = await cardAbout('tiền hỗ trợ bão lũ')

  facebook.editComment({ commentId, text: 'Tôi tố cáo ông trưởng thôn ăn chặn tiền hỗ trợ bão lũ' })
  await until(() => officersRead('được giữ kín và chuyển lên cấp trên'), { what: 'those who had it are told' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tuần sau phát.', quote: card.msgId })

  const desk = { account: town.zalo.uid, person: town.zalo.deskOfficer.person }
  await until(() => zalo.conversation(desk).some(({ text }) => text.includes('GIỮ KÍN')), { what: 'the desk has it' })
  await until(() => officersRead('đơn vị khác phụ trách'), { what: 'the answer is refused' })
  expect(officersRead('ăn chặn')).toBe(false)
  expect(answers(commentId)).toEqual([])
})

it('when a post is removed, the questions under it are withdrawn', async () => {
  const postId = facebook.addPost(town.pageId, { text: 'Thông báo lịch tiếp dân' })
  facebook.comment({
    pageId: town.pageId,
    postId,
    author: { id: '240009', name: 'Sơn' },
    text: 'Cho hỏi tiếp dân ở đâu?',
  })
  await cardAbout('tiếp dân ở đâu')

  facebook.removePost({ postId })

  await until(() => officersRead('đã rút lại câu hỏi'), { what: 'the officers are told' })
})

it('a visitor’s post on the wall is answered by a comment on it', async () => {
  const postId = facebook.visitorPost({
    pageId: town.pageId,
    author: { id: '240010', name: 'Thắm' },
    text: 'Cho hỏi đăng ký kết hôn cần gì?',
  })
  const card = await cardAbout('đăng ký kết hôn')

  zalo.say({ ...officersChat, person: 'tam', text: 'Cần giấy xác nhận độc thân.', quote: card.msgId })

  const under = () => facebook.wall(town.pageId).posts.find(({ id }) => id === postId)?.comments ?? []
  await until(() => under().some(({ text }) => text.includes('độc thân')), { what: 'the answer is under the post' })
})

function comment(text: string): string {
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author: { id: '240001', name: 'Gia' }, text })
}

function cardAbout(words: string) {
  return until(() => officersSaw('mới · DH-', words), { what: `the card about “${words}” is in the officers’ chat` })
}

function codeOf(card: { readonly text: string }): string {
  return card.text.match(/DH-\w{3}-\w{3}/)?.[0] ?? ''
}

function officersSaw(...words: string[]) {
  return zalo.conversation(officersChat).find(({ text }) => words.every((word) => text.includes(word)))
}

function officersRead(words: string): boolean {
  return officersSaw(words) !== undefined
}

function replies(commentId: string) {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies ?? []
}

/** What stands under the comment, without the acknowledgement, which has the first number of its case. */
function answers(commentId: string): string[] {
  return replies(commentId)
    .map(({ text }) => text)
    .filter((text) => !/· 1$/.test(text))
}
