import { afterAll, expect, it } from 'vitest'
import { openOffice } from '../support/office.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { facebook, zalo, town } = office
afterAll(() => office.stop())

it('an answer quoted in the officers’ chat stands under the comment it answers', async () => {
  const commentId = facebook.comment({
    pageId: town.pageId,
    postId: town.postId,
    author: { id: '24000000000000001', name: 'Nguyễn Văn Gia' },
    text: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?',
  })
  const card = await until(
    () => zalo.conversation({ group: town.zalo.officersGroup }).find((message) => message.text.includes('tách hộ khẩu')),
    { what: 'the card is in the officers’ chat' },
  )

  zalo.say({ group: town.zalo.officersGroup, person: 'hoa', text: 'Cần CCCD và tờ khai CT01, nộp tại Công an xã.', quote: card.msgId })

  const answer = await until(
    () => replies(commentId).find((reply) => reply.text.includes('CT01')),
    { what: 'the answer is under the comment' },
  )
  expect(answer.author.id).toBe(town.pageId)
  expect(replies(commentId).filter((reply) => reply.text.includes('CT01'))).toHaveLength(1)
  await until(() => zalo.conversation({ group: town.zalo.officersGroup }).some((m) => m.text.includes('đã hiện công khai')), {
    what: 'the officer is told',
  })
})

function replies(commentId: string) {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find((comment) => comment.id === commentId)?.replies ?? []
}
