import { afterAll, afterEach, expect, it } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { facebook, zalo, town } = office
afterAll(() => office.stop())
afterEach(() => {
  zalo.clearFaults()
  zalo.settings.echo = true
})

it('an answer that quotes a card whose sending nobody heard of is not taken for talk', async () => {
  zalo.settings.echo = false
  zalo.failCalls({ call: 'send', do: 'posted-reset', textIncludes: 'tách thửa' })
  const commentId = comment('Cho hỏi thủ tục tách thửa đất cần giấy tờ gì?')
  const card = await until(() => read().find((message) => message.text.includes('tách thửa')), {
    what: 'the card is in the officers’ chat',
  })

  zalo.say({
    group: town.zalo.officersGroup,
    person: 'hoa',
    text: 'Mang sổ đỏ tới Bộ phận Một cửa.',
    quote: card.msgId,
  })

  await until(() => replies(commentId).some((text) => text.includes('Một cửa')), { what: 'the answer is public' })
  expect(replies(commentId).filter((text) => text.includes('Một cửa'))).toHaveLength(1)
  expect(read().filter((message) => message.text.includes('tách thửa'))).toHaveLength(1)
})

it('an officer who quotes a message of ours that is about no case is asked which case is meant', async () => {
  zalo.say({ group: town.zalo.officersGroup, person: 'hoa', text: 'hướng dẫn' })
  const help = await until(() => read().find((message) => message.text.includes('Cách làm việc')), {
    what: 'the help is in the officers’ chat',
  })

  zalo.say({ group: town.zalo.officersGroup, person: 'hoa', text: 'Cần CCCD.', quote: help.msgId })

  await until(() => read().some((message) => message.text.includes('Chưa rõ tin này')), {
    what: 'the officer is asked',
  })
})

function read() {
  return zalo.conversation({ group: town.zalo.officersGroup })
}

function comment(text: string): string {
  const author = { id: '24000000000000009', name: 'Nguyễn Văn Gia' }
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author, text })
}

function replies(commentId: string): string[] {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find((one) => one.id === commentId)?.replies.map((reply) => reply.text) ?? []
}
