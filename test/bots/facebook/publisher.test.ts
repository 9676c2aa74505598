import { afterEach, beforeEach, expect, it } from 'vitest'
import { facebookPublisher, shippedFacebookWaits } from '../../../bots/facebook/publisher.ts'
import { how } from '../../../sim/facebook/how.ts'
import { startFacebookSim } from '../../../sim/facebook/server.ts'
import type { FacebookSim } from '../../../sim/facebook/simulator.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { AccountId, newId, OutboxId } from '../../../src/lib/ids.ts'
import { OutboundMessage } from '../../../src/outbox/outbound.ts'
import { NotSentError, OutcomeUnknownError, type Publisher, RejectedError } from '../../../src/outbox/publisher.ts'
import { pageId, psid } from './build.ts'

const appSecret = '0123456789abcdef0123456789abcdef'
const token = 'EAAFAKEPAGETOKEN'
const resident = { id: psid, name: 'Nguyen Van Gia' }
const answerText = 'Mặt trận trả lời: lịch thu gom là thứ 3 và thứ 6.'
const waits = { throttledMs: 300_000, blockedMs: 14_400_000 }

let facebook: FacebookSim
let postId: string
let commentId: string
let publisher: Publisher

beforeEach(async () => {
  const app = { appId: '3300000000000001', appSecret, verifyToken: 'verify' }
  facebook = await startFacebookSim({ allow: true, ...app })
  facebook.addPage({ id: pageId, name: 'Mặt trận xã Giả Định', token })
  postId = facebook.addPost(pageId, { text: 'Lịch thu gom rác', kind: 'photo', photoUrl: 'https://x/1.jpg' })
  commentId = facebook.comment({ pageId, postId, author: resident, text: 'Cho hỏi lịch thu gom rác?' })
  publisher = publisherWith({})
})
afterEach(() => facebook.stop())

it('an answer stands once under the comment it answers, as the Page', async () => {
  const { messageId } = await publisher.send(answer())

  expect(repliesOf(commentId)).toMatchObject([{ id: messageId, text: marked(2), author: { id: pageId } }])
})

it('a visitor’s post is answered by a comment on it', async () => {
  const visitorPost = facebook.visitorPost({ pageId, author: resident, text: 'Tôi hỏi việc cấp sổ' })
  const message = answer({ address: { type: 'post', postId: visitorPost } })

  const { messageId } = await publisher.send(message)

  expect(facebook.wall(pageId).posts.find(({ id }) => id === visitorPost)?.comments).toMatchObject([{ id: messageId }])
  expect(await publisher.findOwn(message)).toEqual({ found: 'present', messageId })
})

it('a Messenger text is answered there and carries the id of its row', async () => {
  facebook.message({ pageId, psid, text: 'Xin chào' })
  const message = direct('Chào bác.')

  const { messageId } = await publisher.send(message)

  expect(facebook.log.filter(({ kind }) => kind === 'private')).toMatchObject([
    { id: messageId, text: 'Chào bác.', metadata: `dhmt:${message.id}` },
  ])
})

it('a long Messenger text goes out in parts; the last one carries the bare id', async () => {
  facebook.message({ pageId, psid, text: 'Xin chào' })
  const message = direct(`${'a'.repeat(1500)}\n\n${'b'.repeat(1500)}`)

  const { messageId } = await publisher.send(message)

  expect(facebook.log.filter(({ kind }) => kind === 'private')).toMatchObject([
    { text: 'a'.repeat(1500), metadata: `dhmt:${message.id}#1/2` },
    { text: 'b'.repeat(1500), metadata: `dhmt:${message.id}`, id: messageId },
  ])
  expect(await publisher.findOwn(message)).toEqual({ found: 'present', messageId })
})

it('a long text of which a part is out is not sent again, and a person decides', async () => {
  facebook.message({ pageId, psid, text: 'Xin chào' })
  const message = direct(`${'a'.repeat(1500)}\n\n${'b'.repeat(1500)}`)
  facebook.fail({ match: { method: 'POST' }, skip: 1, how: how.throttled(pageId, 10) })

  await expect(publisher.send(message)).rejects.toMatchObject({
    code: 'outcome_unknown',
    platformCode: 'half_sent',
    advice: { do: 'wait' },
  })
  expect(await publisher.findOwn(message)).toEqual({ found: 'unknowable' })
})

it.each([
  ['created, then a reset', how.createThenReset()],
  ['created, then HTML', how.createThenHtml()],
  ['created, then an empty 500', how.createThenEmpty()],
  ['created, then error 2', how.createThenError(2)],
  ['created, then 200 with an error', how.okWithError(true)],
  ['created, then 200 without an id', how.okWithoutId(true)],
  ['created, then silence', how.createThenHang()],
])('%s: the outcome is unknown and the answer is found', async (title, fault) => {
  facebook.fail({ match: { method: 'POST' }, how: fault })
  const message = answer()

  await expect(publisherFor(title).send(message)).rejects.toBeInstanceOf(OutcomeUnknownError)

  const [reply] = repliesOf(commentId)
  expect(await publisher.findOwn(message)).toEqual({ found: 'present', messageId: reply?.id })
})

it.each([
  ['reset before', how.resetBefore()],
  ['silence before', how.hangBefore()],
])('%s anything was done: the outcome is unknown and the answer is not there', async (title, fault) => {
  facebook.fail({ match: { method: 'POST' }, how: fault })
  const message = answer()

  await expect(publisherFor(title).send(message)).rejects.toBeInstanceOf(OutcomeUnknownError)

  expect(await publisher.findOwn(message)).toEqual({ found: 'absent' })
})

it('a clean refusal of a comment that was created is rejected, says that Facebook answered, and is found', async () => {
  facebook.fail({ match: { method: 'POST' }, how: how.createThenCleanError() })
  const message = answer()

  await expect(publisher.send(message)).rejects.toMatchObject({ code: 'rejected', answered: true })

  expect(await publisher.findOwn(message)).toMatchObject({ found: 'present' })
})

it('an unknown outcome in Messenger is looked for in the conversation', async () => {
  facebook.message({ pageId, psid, text: 'Xin chào' })
  facebook.fail({ match: { method: 'POST' }, how: how.createThenReset() })
  facebook.fail({ match: { method: 'POST' }, how: how.resetBefore() })
  const [there, lost] = [direct('Chào bác, câu thứ nhất.'), direct('Chào bác, câu thứ hai.')]

  await expect(publisher.send(there)).rejects.toBeInstanceOf(OutcomeUnknownError)
  await expect(publisher.send(lost)).rejects.toBeInstanceOf(OutcomeUnknownError)

  expect(await publisher.findOwn(there)).toMatchObject({ found: 'present' })
  expect(await publisher.findOwn(lost)).toEqual({ found: 'absent' })
})

it('a conversation that cannot be seen proves nothing', async () => {
  expect(await publisher.findOwn(direct('Chào bác.'))).toEqual({ found: 'unknowable' })
})

it('ours is what the Page wrote with this code and this ordinal, not another text of the same case', async () => {
  const message = answer()
  await publisher.send(answer({ text: marked(1) }))
  facebook.comment({ pageId, postId, parentCommentId: commentId, author: resident, text: message.text })

  expect(await publisher.findOwn(message)).toEqual({ found: 'absent' })

  facebook.officerRepliesInApp({ pageId, commentId, text: `Đã sửa lời.\n\nMã: DH-7KM-3QP · 2` })
  expect(await publisher.findOwn(message)).toMatchObject({ found: 'present' })
})

it('without a mark the whole text counts, but not one from before the claim', async () => {
  await publisher.send(answer({ text: answerText }))
  const later = answer({ text: answerText, claimedAt: new Date(Date.now() + 120_000) })

  expect(await publisher.findOwn(answer({ text: `${answerText} `.normalize('NFD') }))).toMatchObject({
    found: 'present',
  })
  expect(await publisher.findOwn(later)).toEqual({ found: 'absent' })
})

it('our answer is found behind hundreds of later replies', async () => {
  const { messageId } = await publisher.send(answer())
  for (let count = 0; count < 250; count += 1) {
    facebook.comment({ pageId, postId, parentCommentId: commentId, author: resident, text: `ý kiến ${count}` })
  }

  expect(await publisher.findOwn(answer())).toEqual({ found: 'present', messageId })
})

it('under a comment that is gone nothing can be published, nor can anything stand', async () => {
  facebook.removeComment({ commentId })

  await expect(publisher.send(answer())).rejects.toMatchObject({
    code: 'rejected',
    platformCode: '100/33',
    advice: { do: 'go_on' },
  })
  expect(await publisher.findOwn(answer())).toEqual({ found: 'absent' })
})

it('the same when its whole post is gone', async () => {
  facebook.removePost({ postId })

  await expect(publisher.send(answer())).rejects.toBeInstanceOf(RejectedError)
  expect(await publisher.findOwn(answer())).toEqual({ found: 'absent' })
})

it('a token that sees neither the comment nor the Page’s posts stops the Page', async () => {
  facebook.fail({ match: {}, times: 6, how: how.refuse(100, 33) })

  await expect(publisher.send(answer())).rejects.toMatchObject({
    code: 'not_sent',
    advice: { do: 'stop', reason: 'permission' },
  })
  expect(await publisher.findOwn(answer())).toEqual({ found: 'unknowable' })
})

it('a reader that fails proves nothing', async () => {
  facebook.fail({ match: { method: 'GET' }, how: how.createThenHtml(503) })

  expect(await publisher.findOwn(answer())).toEqual({ found: 'unknowable' })
})

it('a broken token stops the Page', async () => {
  facebook.breakToken(pageId)

  await expect(publisher.send(answer())).rejects.toMatchObject({
    code: 'not_sent',
    platformCode: '190/463',
    advice: { do: 'stop', reason: 'token' },
  })
})

it('a throttled Page waits as long as Facebook says', async () => {
  const now = new Date('2026-10-26T02:00:00Z')
  facebook.fail({ match: { method: 'POST' }, how: how.throttled(pageId, 19) })

  await expect(publisherWith({ clock: () => now }).send(answer())).rejects.toMatchObject({
    code: 'not_sent',
    advice: { do: 'wait', untilMs: now.getTime() + 19 * 60_000 },
  })
})

it('a Page that has nearly used up its calls keeps still until the floor has passed', async () => {
  let now = new Date('2026-10-26T02:00:00Z')
  const careful = publisherWith({ clock: () => now })
  facebook.setUsage({ app: { call_count: 96, total_time: 1, total_cputime: 1 } })
  await careful.send(answer())
  facebook.setUsage({ app: null })

  await expect(careful.send(answer())).rejects.toMatchObject({
    answered: false,
    advice: { do: 'wait', untilMs: now.getTime() + waits.throttledMs },
  })
  now = new Date(now.getTime() + waits.throttledMs)
  await expect(careful.send(answer())).resolves.toMatchObject({ messageId: expect.any(String) })
  expect(repliesOf(commentId)).toHaveLength(2)
})

it('outside the 24 hours the Messenger text is rejected and the Page goes on', async () => {
  facebook.message({ pageId, psid, text: 'Xin chào' })
  facebook.fail({ match: { method: 'POST' }, how: how.refuse(10, 2018278) })

  await expect(publisher.send(direct('Chào bác.'))).rejects.toMatchObject({
    code: 'rejected',
    platformCode: '10/2018278',
    advice: { do: 'go_on' },
  })
})

it.each([
  ['a refused text', how.refuse(10902), RejectedError],
  ['a refused connection', null, NotSentError],
])('%s is told apart', async (_title, fault, kind) => {
  if (fault === null) await facebook.stop()
  else facebook.fail({ match: { method: 'POST' }, how: fault })

  await expect(publisher.send(answer())).rejects.toBeInstanceOf(kind)

  if (fault === null) facebook = await startFacebookSim({ allow: true, appId: '1', appSecret, verifyToken: 'v' })
})

it('a text that is not meant for everybody never gets under a post', async () => {
  await expect(publisher.send(answer({ audience: 'resident' }))).rejects.toMatchObject({
    code: 'rejected',
    platformCode: 'not_public',
    answered: false,
  })
  expect(facebook.log.filter(({ kind }) => kind === 'call')).toEqual([])
})

it('an address of another platform, or one that is no id, is rejected without a call', async () => {
  for (const address of [
    { type: 'zalo', threadId: '1' },
    { type: 'comment', rootCommentId: '1/../2' },
  ]) {
    await expect(publisher.send(answer({ address }))).rejects.toMatchObject({ platformCode: 'bad_address' })
    expect(await publisher.findOwn(answer({ address }))).toEqual({ found: 'absent' })
  }
})

it('as shipped, a Page keeps still for five minutes when throttled and for four hours when blocked', () => {
  expect(shippedFacebookWaits).toEqual({ throttledMs: 300_000, blockedMs: 14_400_000 })
})

/** Gives up soon where Facebook keeps silent, and there alone. */
function publisherFor(title: string): Publisher {
  return title.includes('silence') ? publisherWith({ timeoutMs: 2_000 }) : publisher
}

function publisherWith(more: Partial<Parameters<typeof facebookPublisher>[0]>): Publisher {
  return facebookPublisher({
    account: { pageId, token },
    appSecret,
    graphUrl: facebook.url,
    version: 'v24.0',
    timeoutMs: 10_000,
    clock: systemClock,
    openPicture: async () => null,
    waits,
    ...more,
  })
}

function marked(ordinal: number): string {
  return `${answerText}\n\nMã: DH-7KM-3QP · ${ordinal}`
}

function answer(more: Partial<OutboundMessage> = {}): OutboundMessage {
  return OutboundMessage.parse({
    id: newId(OutboxId, new Date()),
    accountId: newId(AccountId, new Date()),
    caseId: null,
    kind: 'answer',
    audience: 'public',
    address: { type: 'comment', rootCommentId: commentId },
    text: marked(2),
    claimedAt: new Date(),
    ...more,
  })
}

function direct(text: string): OutboundMessage {
  return answer({ audience: 'resident', address: { type: 'messenger', psid }, text })
}

function repliesOf(id: string) {
  const comments = facebook.wall(pageId).posts.flatMap((post) => post.comments)
  return comments.find((comment) => comment.id === id)?.replies ?? []
}
