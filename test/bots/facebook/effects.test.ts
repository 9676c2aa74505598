import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { facebookPublisher } from '../../../bots/facebook/publisher.ts'
import { how } from '../../../sim/facebook/how.ts'
import { startFacebookSim } from '../../../sim/facebook/server.ts'
import type { FacebookSim } from '../../../sim/facebook/simulator.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { AccountId, FileId, newId, OutboxId } from '../../../src/lib/ids.ts'
import { withPostMark } from '../../../src/outbox/mark.ts'
import { OutboundMessage } from '../../../src/outbox/outbound.ts'
import { OutcomeUnknownError, type Publisher } from '../../../src/outbox/publisher.ts'
import { png } from '../../files/pictures.ts'
import { pageId, psid } from './build.ts'

const appSecret = '0123456789abcdef0123456789abcdef'
const token = 'EAAFAKEPAGETOKEN'
const resident = { id: psid, name: 'Nguyen Van Gia' }
const marked = 'Nộp tại bộ phận một cửa.\n\nMã: DH-7KM-3QP · 2'

const photo = png(320, 240)
const kept = newId(FileId, new Date())

let facebook: FacebookSim
let postId: string
let commentId: string
let publisher: Publisher

beforeEach(async () => {
  facebook = await startFacebookSim({ allow: true, appId: '3300000000000001', appSecret, verifyToken: 'verify' })
  facebook.addPage({ id: pageId, name: 'Mặt trận xã Giả Định', token })
  postId = facebook.addPost(pageId, { text: 'Lịch tiếp dân' })
  commentId = facebook.comment({ pageId, postId, author: resident, text: 'Cho hỏi nộp hồ sơ ở đâu?' })
  publisher = facebookPublisher({
    account: { pageId, token },
    appSecret,
    graphUrl: facebook.url,
    version: 'v24.0',
    timeoutMs: 10_000,
    clock: systemClock,
    openPicture: async (id) => (id === kept ? { data: photo, name: 'anh-1.png', width: 320, height: 240 } : null),
  })
})
afterEach(() => facebook.stop())

describe('a private reply', () => {
  const message = (more: Partial<OutboundMessage> = {}): OutboundMessage =>
    outbound({ kind: 'private_reply', audience: 'resident', targetId: commentId, ...more })

  it('reaches the author of the comment alone, and tells whose chat that is', async () => {
    const sent = message()

    const { messageId, recipientId } = await publisher.send(sent)

    expect(privately()).toMatchObject([{ id: messageId, psid: recipientId, commentId, metadata: `dhmt:${sent.id}` }])
    expect(repliesOf(commentId)).toEqual([])
    expect(await publisher.findOwn(sent)).toEqual({ found: 'present', messageId, recipientId })
  })

  it('whose answer was lost is found again, with the chat it opened', async () => {
    const sent = message()
    facebook.fail({ match: { method: 'POST' }, how: how.createThenReset() })

    await expect(publisher.send(sent)).rejects.toBeInstanceOf(OutcomeUnknownError)

    const [reply] = privately()
    expect(await publisher.findOwn(sent)).toEqual({
      found: 'present',
      messageId: reply?.id,
      recipientId: reply?.psid,
    })
  })

  it('that never left is not there', async () => {
    facebook.fail({ match: { method: 'POST' }, how: how.resetBefore() })
    const sent = message()

    await expect(publisher.send(sent)).rejects.toBeInstanceOf(OutcomeUnknownError)

    expect(await publisher.findOwn(sent)).toEqual({ found: 'absent' })
  })

  it('for the second time is refused by Facebook, which counts as done', async () => {
    await publisher.send(message())

    expect(await publisher.send(message())).toEqual({ messageId: null, wasDone: true })

    expect(privately()).toHaveLength(1)
  })

  it.each([
    ['that Facebook does not allow', 10902],
    ['to somebody who takes none', 10903],
  ])('%s is rejected in the office’s own words', async (_what, code) => {
    facebook.fail({ match: { method: 'POST' }, how: how.refuse(code) })

    await expect(publisher.send(message())).rejects.toMatchObject({ code: 'rejected', reason: 'not_replyable' })
  })

  it('is never sent as something that everybody reads', async () => {
    await expect(publisher.send(message({ audience: 'public' }))).rejects.toMatchObject({
      code: 'rejected',
      platformCode: 'not_resident',
      answered: false,
    })
    expect(privately()).toEqual([])
  })
})

describe('what stands there already', () => {
  let ownId: string
  beforeEach(async () => {
    ownId = (await publisher.send(outbound({}))).messageId ?? ''
  })
  const edit = (text: string): OutboundMessage => outbound({ kind: 'edit', targetId: ownId, text })
  const takeDown = (): OutboundMessage =>
    outbound({ kind: 'delete', audience: 'moderation', targetId: ownId, text: '' })
  const other = 'Nộp tại nhà văn hóa.\n\nMã: DH-7KM-3QP · 2'

  it('gets other words, and keeps its place', async () => {
    expect(await publisher.findOwn(edit(other))).toEqual({ found: 'absent' })

    await publisher.send(edit(other))

    expect(repliesOf(commentId)).toMatchObject([{ id: ownId, text: other }])
    expect(await publisher.findOwn(edit(other))).toEqual({ found: 'present', messageId: null })
  })

  it('is edited although nobody heard of it', async () => {
    facebook.fail({ match: { method: 'POST' }, how: how.createThenReset() })

    await expect(publisher.send(edit(other))).rejects.toBeInstanceOf(OutcomeUnknownError)

    expect(await publisher.findOwn(edit(other))).toMatchObject({ found: 'present' })
  })

  it('cannot be edited once it is gone', async () => {
    facebook.officerRemovesInApp({ commentId: ownId })

    await expect(publisher.send(edit(other))).rejects.toMatchObject({ code: 'rejected', reason: 'gone' })
    expect(await publisher.findOwn(edit(other))).toEqual({ found: 'absent' })
  })

  it('is taken down', async () => {
    expect(await publisher.findOwn(takeDown())).toEqual({ found: 'absent' })

    await publisher.send(takeDown())

    expect(repliesOf(commentId)).toEqual([])
    expect(await publisher.findOwn(takeDown())).toEqual({ found: 'present', messageId: null })
  })

  it('is taken down although nobody heard of it', async () => {
    facebook.fail({ match: { method: 'DELETE' }, how: how.createThenReset() })

    await expect(publisher.send(takeDown())).rejects.toBeInstanceOf(OutcomeUnknownError)

    expect(await publisher.findOwn(takeDown())).toEqual({ found: 'present', messageId: null })
  })

  it('that somebody took down before is done', async () => {
    facebook.officerRemovesInApp({ commentId: ownId })

    expect(await publisher.send(takeDown())).toEqual({ messageId: null, wasDone: true })
  })

  it('with a token that sees nothing is not taken for gone', async () => {
    facebook.fail({ match: {}, times: 9, how: how.refuse(100, 33) })

    await expect(publisher.send(takeDown())).rejects.toMatchObject({ code: 'not_sent', advice: { do: 'stop' } })
    expect(await publisher.findOwn(takeDown())).toEqual({ found: 'unknowable' })
  })
})

describe('a resident’s comment', () => {
  const moderation = (kind: 'hide' | 'unhide'): OutboundMessage =>
    outbound({ kind, audience: 'moderation', targetId: commentId, text: '' })

  it('is hidden from everybody, and shown again', async () => {
    await publisher.send(moderation('hide'))
    expect(wallComments()).toEqual([])
    expect(await publisher.findOwn(moderation('hide'))).toEqual({ found: 'present', messageId: null })
    expect(await publisher.findOwn(moderation('unhide'))).toEqual({ found: 'absent' })

    await publisher.send(moderation('unhide'))
    expect(wallComments()).toEqual([commentId])
    expect(await publisher.findOwn(moderation('unhide'))).toEqual({ found: 'present', messageId: null })
  })

  it('is hidden although nobody heard of it', async () => {
    facebook.fail({ match: { method: 'POST' }, how: how.createThenReset() })

    await expect(publisher.send(moderation('hide'))).rejects.toBeInstanceOf(OutcomeUnknownError)

    expect(await publisher.findOwn(moderation('hide'))).toMatchObject({ found: 'present' })
  })

  it('that its author took back cannot be hidden any more', async () => {
    facebook.removeComment({ commentId })

    await expect(publisher.send(moderation('hide'))).rejects.toMatchObject({ code: 'rejected', reason: 'gone' })
    expect(await publisher.findOwn(moderation('hide'))).toEqual({ found: 'absent' })
  })
})

describe('a post', () => {
  const words = 'Mời bà con tới dự họp xóm tối thứ bảy.'

  function post(more: Partial<OutboundMessage> = {}): OutboundMessage {
    const id = newId(OutboxId, new Date())
    return outbound({ kind: 'post', id, address: {}, text: withPostMark(words, id), ...more })
  }

  it.each<[string, Partial<OutboundMessage>]>([
    ['of words', {}],
    ['with a link', { link: 'https://nghean.gov.vn/hop-xom' }],
  ])('%s stands once on the wall and is found again', async (_what, more) => {
    const sent = post(more)

    const { messageId } = await publisher.send(sent)

    const own = facebook.wall(pageId).posts.filter(({ text }) => text === sent.text)
    expect(own).toMatchObject([{ id: messageId, isPage: true, photoUrl: null }])
    expect(await publisher.findOwn(sent)).toEqual({ found: 'present', messageId })
  })

  it('whose answer was lost is found, and another with the same words is not taken for it', async () => {
    facebook.fail({ match: { method: 'POST' }, how: how.createThenReset() })
    const sent = post()

    await expect(publisher.send(sent)).rejects.toBeInstanceOf(OutcomeUnknownError)

    expect(await publisher.findOwn(sent)).toMatchObject({ found: 'present' })
    expect(await publisher.findOwn(post())).toEqual({ found: 'absent' })
  })
})

describe('a picture', () => {
  const withPicture = (more: Partial<OutboundMessage> = {}): OutboundMessage => outbound({ fileId: kept, ...more })

  it('stands in the comment, as the bytes that we keep', async () => {
    const { messageId } = await publisher.send(withPicture())

    const [reply] = repliesOf(commentId)
    expect(reply).toMatchObject({ id: messageId, text: marked })
    expect(await bytesAt(reply?.photoUrl)).toEqual(photo)
    expect(await publisher.findOwn(withPicture())).toEqual({ found: 'present', messageId })
  })

  it('stands in the post', async () => {
    const id = newId(OutboxId, new Date())
    const text = withPostMark('Sơ đồ chợ mới', id)

    const { messageId } = await publisher.send(withPicture({ kind: 'post', id, address: {}, text }))

    const own = facebook.wall(pageId).posts.find((post) => post.id === messageId)
    expect(own).toMatchObject({ kind: 'photo', text })
    expect(await bytesAt(own?.photoUrl)).toEqual(photo)
  })

  it.each([
    ['was lost', how.createThenReset()],
    ['is a page of a proxy', how.createThenHtml()],
    ['comes late', how.resetBefore()],
  ])('whose upload’s answer %s counts as not brought: nobody has seen it', async (_what, trouble) => {
    facebook.fail({ match: { method: 'POST', path: /\/photos$/ }, how: trouble })

    await expect(publisher.send(withPicture())).rejects.toMatchObject({ code: 'not_sent', answered: false })

    expect(repliesOf(commentId)).toEqual([])
  })

  it('whose comment’s answer was lost may stand there, and is found', async () => {
    facebook.fail({ match: { method: 'POST', path: /\/comments$/ }, how: how.createThenReset() })

    await expect(publisher.send(withPicture())).rejects.toBeInstanceOf(OutcomeUnknownError)

    expect(await publisher.findOwn(withPicture())).toMatchObject({ found: 'present' })
  })

  it('that Facebook refuses, or that we do not have, is not tried again', async () => {
    facebook.fail({ match: { method: 'POST', path: /\/photos$/ }, how: how.refuse(324) })

    await expect(publisher.send(withPicture())).rejects.toMatchObject({ code: 'rejected', platformCode: '324' })
    const missing = withPicture({ fileId: newId(FileId, new Date()) })
    await expect(publisher.send(missing)).rejects.toMatchObject({ code: 'rejected', platformCode: 'no_picture' })

    expect(repliesOf(commentId)).toEqual([])
  })

  it('is uploaded once, and then only named', async () => {
    await publisher.send(withPicture())

    const uploads = facebook.log.filter((entry) => entry.kind === 'call' && entry.path.endsWith('/photos'))
    expect(uploads).toMatchObject([{ method: 'POST', path: `/${pageId}/photos`, status: 200 }])
  })
})

async function bytesAt(address: string | null | undefined): Promise<Buffer> {
  return Buffer.from(await (await fetch(address ?? 'none:')).arrayBuffer())
}

function outbound(more: Partial<OutboundMessage>): OutboundMessage {
  return OutboundMessage.parse({
    id: newId(OutboxId, new Date()),
    accountId: newId(AccountId, new Date()),
    caseId: null,
    kind: 'answer',
    audience: 'public',
    address: { type: 'comment', rootCommentId: commentId },
    text: marked,
    claimedAt: new Date(),
    ...more,
  })
}

function privately() {
  return facebook.log.flatMap((entry) => (entry.kind === 'private' ? [entry] : []))
}

function wallComments(): string[] {
  return facebook.wall(pageId).posts.flatMap(({ comments }) => comments.map(({ id }) => id))
}

function repliesOf(id: string) {
  const comments = facebook.wall(pageId).posts.flatMap((one) => one.comments)
  return comments.find((comment) => comment.id === id)?.replies ?? []
}
