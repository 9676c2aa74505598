import { afterEach, beforeEach, expect, it } from 'vitest'
import { noiseOnly } from '../../../bots/facebook/noise.ts'
import { normalise } from '../../../bots/facebook/normalise.ts'
import { isSigned } from '../../../bots/facebook/signature.ts'
import { startFacebookSim } from '../../../sim/facebook/server.ts'
import type { FacebookSim } from '../../../sim/facebook/simulator.ts'
import { InboundEvent, type Normalised } from '../../../src/intake/event.ts'
import { pageId, psid } from './build.ts'
import { type LocalServer, startLocalServer } from './local-server.ts'

const appSecret = '0123456789abcdef0123456789abcdef'
const resident = { id: psid, name: 'Nguyen Van Gia' }

let facebook: FacebookSim
let door: LocalServer

beforeEach(async () => {
  const app = { appId: '3300000000000001', appSecret, verifyToken: 'verify' }
  facebook = await startFacebookSim({ allow: true, ...app })
  door = await startLocalServer((response, request) => {
    const query = new URL(request.url ?? '', 'http://door').searchParams
    response.end(query.get('hub.challenge') ?? 'ok')
  })
  facebook.addPage({ id: pageId, name: 'Mặt trận xã Giả Định', token: 'PAGE' })
  await facebook.setWebhook({ url: door.url })
})
afterEach(async () => {
  await facebook.stop()
  await door.stop()
})

it('what the local Facebook sends is signed over its bytes and read as what happened', async () => {
  const postId = facebook.addPost(pageId, { text: 'Lịch thu gom rác', kind: 'photo', photoUrl: 'https://x/1.jpg' })
  const commentId = facebook.comment({ pageId, postId, author: resident, text: 'Đường hỏng 🙏 100% <b>' })
  const replyId = facebook.comment({
    pageId,
    postId,
    parentCommentId: commentId,
    author: resident,
    text: 'Ai trả lời?',
  })
  facebook.editComment({ commentId, text: 'Đường hỏng nặng' })
  const ownId = facebook.officerRepliesInApp({ pageId, commentId, text: 'Chào bác' })
  facebook.removeComment({ commentId: replyId, bare: true })
  const visitorPostId = facebook.visitorPost({ pageId, author: resident, text: 'Tôi hỏi việc cấp sổ' })
  const mid = facebook.message({ pageId, psid, text: 'Xin chào' })
  facebook.officerMessagesInApp({ pageId, psid, text: 'Chào bác' })
  facebook.editMessage({ mid, text: 'Xin chào ạ' })
  facebook.removeMessage({ mid })

  const events = (await delivered()).filter((event): event is InboundEvent => event.kind !== 'ignored')

  expect(events.map((event) => InboundEvent.parse(event))).toMatchObject([
    { kind: 'comment', messageId: commentId, text: 'Đường hỏng 🙏 100% <b>', threadKey: `comment:${commentId}` },
    { kind: 'comment', messageId: replyId, quotedMessageId: commentId, threadKey: `comment:${commentId}` },
    { kind: 'comment_edit', messageId: commentId, text: 'Đường hỏng nặng' },
    { kind: 'echo', messageId: ownId, quotedMessageId: commentId, threadKey: `comment:${commentId}` },
    { kind: 'comment_remove', messageId: replyId, author: null },
    { kind: 'visitor_post', messageId: visitorPostId, address: { type: 'post', postId: visitorPostId } },
    { kind: 'message', messageId: mid, address: { type: 'messenger', psid } },
    { kind: 'echo', threadKey: `dm:${psid}`, echoMark: null },
    { kind: 'message_edit', messageId: mid, text: 'Xin chào ạ' },
    { kind: 'message_remove', messageId: mid },
  ])
})

it('a reaction is noise, a comment is none', async () => {
  const postId = facebook.addPost(pageId, { text: 'Lịch thu gom rác' })
  await delivered()
  facebook.react({ postId, author: resident })
  await facebook.idle()

  const body: unknown = JSON.parse(door.received.at(-1)?.body ?? '')
  expect(noiseOnly(body)).toEqual([{ pageId, reason: 'item:reaction', count: 1 }])
})

/** Everything that came through the door so far, each delivery with a good signature. */
async function delivered(): Promise<Normalised> {
  await facebook.idle()
  const posts = door.received.filter(({ method }) => method === 'POST')
  expect(posts.every(({ raw, signature }) => isSigned(raw, signature, [appSecret]))).toBe(true)
  return posts.flatMap(({ raw }) => normalise({ accountExternalId: null, body: raw }))
}
