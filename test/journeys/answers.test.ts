import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { facebook, zalo, town } = office
afterAll(() => office.stop())

const officersChat = { group: town.zalo.officersGroup }
const resident = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }

it('an answer quoted in the officers’ chat stands once under the comment, and the officer is told', async () => {
  const commentId = comment('Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?')
  const card = await cardAbout('tách hộ khẩu')

  zalo.say({ ...officersChat, person: 'hoa', text: 'Cần CCCD và tờ khai CT01.', quote: card.msgId })

  const answer = await until(() => replies(commentId).find((reply) => reply.text.includes('CT01')), {
    what: 'the answer is public',
  })
  expect(answer.author.id).toBe(town.pageId)
  expect(answer.text).toMatch(/Mã: DH-\w{3}-\w{3} · 2$/)
  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the officer is told' })
  expect(replies(commentId).filter((reply) => reply.text.includes('CT01'))).toHaveLength(1)
})

it('a Messenger message is answered in Messenger', async () => {
  facebook.message({
    pageId: town.pageId,
    psid: '9000000000000001',
    name: 'Võ Thị Mai',
    text: 'Cho hỏi khi nào chi trả trợ cấp người có công?',
  })
  const card = await cardAbout('trợ cấp người có công')

  zalo.say({ ...officersChat, person: 'tam', text: 'Chi trả ngày 10 hằng tháng tại nhà văn hóa.', quote: card.msgId })

  const received = () =>
    facebook.chat(town.pageId, '9000000000000001').messages.filter((message) => message.text?.includes('ngày 10'))
  await until(() => received().length > 0, { what: 'the answer is in the chat' })
  await until(() => officersRead('Đã gửi câu trả lời cho người hỏi'), { what: 'the officer is told' })
  expect(received()).toHaveLength(1)
})

it('a question in a residents’ group is answered there as a quote', async () => {
  const question = zalo.say({
    group: town.zalo.residentsGroup,
    person: 'lan',
    text: '#hoi Lịch thu gom rác xóm mình là ngày nào ạ?',
  })
  const card = await cardAbout('thu gom rác')
  const asked = () => zalo.conversation({ group: town.zalo.residentsGroup }).find(({ msgId }) => msgId === question.id)
  await until(() => asked()?.reactions.length === 1, { what: 'a sign says that it was seen' })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Thứ ba và thứ sáu hằng tuần.', quote: card.msgId })

  const answers = () =>
    zalo
      .conversation({ group: town.zalo.residentsGroup })
      .filter((message) => message.text.includes('Thứ ba và thứ sáu'))
  const [answer] = await until(() => (answers().length > 0 ? answers() : null), { what: 'the answer is in the group' })
  expect(answer?.quote?.msgId).toBe(question.id)
  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the officer is told' })
  expect(answers()).toHaveLength(1)
})

it('talk in a residents’ group that is not addressed to us goes nowhere', async () => {
  const message = zalo.say({ group: town.zalo.residentsGroup, person: 'binh', text: 'Tối nay ai đi đá bóng không?' })

  await until(() => outcomeOf('Tối nay ai đi đá bóng không?', 'not_addressed'), { what: 'it is kept and left alone' })
  expect(
    zalo.conversation({ group: town.zalo.residentsGroup }).filter((seen) => seen.quote?.msgId === message.id),
  ).toEqual([])
})

it('an accusation is seen by the desk one level up and by nobody else', async () => {
  const text = 'Tôi tố cáo ông trưởng thôn ăn chặn tiền hỗ trợ lũ lụt của dân'
  const commentId = comment(text)
  const desk = { account: town.zalo.uid, person: town.zalo.deskOfficer.person }

  const card = await until(() => zalo.conversation(desk).find((message) => message.text.includes('GIỮ KÍN')), {
    what: 'the desk has it',
  })
  expect(card.text).toContain('ăn chặn tiền')

  zalo.say({ ...desk, text: 'Đã chuyển thanh tra.', quote: card.msgId })

  await until(
    () => zalo.conversation(desk).find((message) => message.text.includes('đang được giữ kín nên chưa trả lời')),
    { what: 'the answer is held back' },
  )
  expect(replies(commentId)).toEqual([])
  expect(zalo.conversation(officersChat).filter((message) => message.text.includes('ăn chặn'))).toEqual([])
})

it('a case that a person makes public is routed anew and answered', async () => {
  const commentId = comment('Nhà bác Tư cuối xóm sáng nay')
  const own = { account: town.zalo.uid, person: 'hoa' }
  const card = await until(
    () => zalo.conversation(own).find((message) => message.text.includes('Nhà bác Tư cuối xóm sáng nay')),
    {
      what: 'an officer sees it alone',
    },
  )
  expect(replies(commentId)).toEqual([])

  zalo.say({ ...own, text: 'Công khai', quote: card.msgId })
  const publicCard = await cardAbout('Nhà bác Tư cuối xóm sáng nay')
  zalo.say({
    ...officersChat,
    person: 'hoa',
    text: 'Xin bác nói rõ thêm việc ở nhà bác Tư ạ.',
    quote: publicCard.msgId,
  })

  await until(() => replies(commentId).find((reply) => reply.text.includes('nói rõ thêm')), {
    what: 'the answer is public',
  })
})

it('the second of two answers to one question is not published, and its author is told', async () => {
  const commentId = comment('Xin hỏi bao giờ sửa đường liên xóm?')
  const card = await cardAbout('sửa đường liên xóm')

  zalo.say({ ...officersChat, person: 'hoa', text: 'Khởi công tháng tới.', quote: card.msgId })
  zalo.say({ ...officersChat, person: 'tam', text: 'Đang chờ vốn.', quote: card.msgId })

  await until(() => officersRead('đã có câu trả lời rồi'), { what: 'the slower one is told' })
  await until(() => replies(commentId).some((reply) => /Khởi công|chờ vốn/.test(reply.text)), {
    what: 'one answer is public',
  })
  expect(replies(commentId).filter((reply) => /Khởi công|chờ vốn/.test(reply.text))).toHaveLength(1)
})

it('a question that is removed before its answer gets none', async () => {
  const commentId = comment('Cho hỏi giá nước sạch bao nhiêu một khối?')
  const card = await cardAbout('giá nước sạch')

  facebook.removeComment({ commentId })
  await until(() => officersRead('đã rút lại câu hỏi'), { what: 'the officers are told' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Bảy nghìn đồng.', quote: card.msgId })

  await until(() => officersRead('đã xóa câu hỏi'), { what: 'the officer learns why' })
  expect(publicTexts().filter((text) => text.includes('Bảy nghìn'))).toEqual([])
})

function comment(text: string): string {
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author: resident, text })
}

function cardAbout(words: string) {
  return until(
    () =>
      zalo
        .conversation(officersChat)
        .find((message) => message.text.includes('mới · DH-') && message.text.includes(words)),
    {
      what: `the card about “${words}” is in the officers’ chat`,
    },
  )
}

function codeOf(card: { readonly text: string }): string {
  return card.text.match(/DH-\w{3}-\w{3}/)?.[0] ?? ''
}

function officersRead(...words: string[]): boolean {
  return zalo.conversation(officersChat).some(({ text }) => words.every((word) => text.includes(word)))
}

function comments() {
  return facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
}

function replies(commentId: string) {
  return comments().find((found) => found.id === commentId)?.replies ?? []
}

function publicTexts(): string[] {
  return comments().flatMap((found) => [found.text, ...found.replies.map((reply) => reply.text)])
}

async function outcomeOf(text: string, outcome: string): Promise<boolean> {
  const found = await office.app.db.selectFrom('events').select('outcome').where('text', '=', text).executeTakeFirst()
  return found?.outcome === outcome
}
