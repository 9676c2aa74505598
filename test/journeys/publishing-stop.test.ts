import { afterAll, expect, it } from 'vitest'
import { publishingState, switchPublishing } from '../../src/outbox/switch.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, facebook, zalo, town } = office
afterAll(() => office.stop())

const by = { actor: 'test' }

it('while publishing is stopped officers go on working and nothing reaches the public; afterwards all of it does', async () => {
  await switchPublishing(app.db, false, { by, reason: 'lũ lụt' }, new Date())
  const commentId = facebook.comment({
    pageId: town.pageId,
    postId: town.postId,
    author: { id: '240001', name: 'Gia' },
    text: 'Cho hỏi khi nào cấp lại thẻ bảo hiểm y tế?',
  })
  const officersChat = { group: town.zalo.officersGroup }
  const card = await until(
    () => zalo.conversation(officersChat).find((message) => message.text.includes('bảo hiểm y tế')),
    { what: 'the card reaches the officers' },
  )
  await until(async () => (await publishingState(app.db)).waiting === 1, { what: 'the acknowledgement waits' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Đầu tháng sau, nhận tại xã.', quote: card.msgId })
  await until(async () => (await answersWaiting()) === 1, { what: 'the answer waits' })

  expect(replies(commentId)).toEqual([])

  await switchPublishing(app.db, true, { by, reason: null }, new Date())

  await until(() => replies(commentId).some((text) => text.includes('Đầu tháng sau')), { what: 'the answer is public' })
  // Its acknowledgement had not left either, and below the answer it would only confuse.
  expect(replies(commentId)).toHaveLength(1)
})

function replies(commentId: string): string[] {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies.map((reply) => reply.text) ?? []
}

async function answersWaiting(): Promise<number> {
  const rows = await app.db
    .selectFrom('outbox')
    .select('id')
    .where('kind', '=', 'answer')
    .where('state', '=', 'pending')
    .execute()
  return rows.length
}
