import { afterEach, describe, expect, it } from 'vitest'
import { facebookLookup } from '../../../bots/facebook/lookup.ts'
import { startFacebookSim } from '../../../sim/facebook/server.ts'
import { buildTown, simulatedApp } from '../../../sim/town.ts'
import { startZaloSim } from '../../../sim/zalo/sim.ts'
import type { EventKind } from '../../../src/intake/event.ts'
import { type Lookup, NotNowError } from '../../../src/intake/lookup.ts'
import { json, type LocalServer, startLocalServer } from './local-server.ts'

const servers: LocalServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())))

async function lookupAt(
  answer: Parameters<typeof startLocalServer>[0],
): Promise<{ server: LocalServer; lookup: Lookup }> {
  const server = await startLocalServer(answer)
  servers.push(server)
  return { server, lookup: lookupOf(server.url, 'EAAPAGE', 'secret-of-the-app') }
}

function lookupOf(graphUrl: string, token: string, appSecret: string): Lookup {
  return facebookLookup({ graphUrl, version: 'v25.0', token, appSecret, timeoutMs: 10_000, tokenIn: 'header' })
}

const mid = 'm_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjS'
const photo = 'https://scontent.xx.fbcdn.net/v/1.jpg?oe=6A'

describe('what Graph says', () => {
  it.each<[string, EventKind, string, object, object]>([
    [
      'of a comment: its author and its words',
      'comment',
      '122_1501',
      { id: '122_1501', from: { id: '24', name: 'Nguyễn Văn Gia' }, message: 'Bao giờ sửa đường?' },
      { author: { id: '24', name: 'Nguyễn Văn Gia' }, text: 'Bao giờ sửa đường?', attachments: [] },
    ],
    [
      'of a comment with a photo: the picture itself, not the page it stands on',
      'comment',
      '122_1501',
      {
        id: '122_1501',
        message: '',
        attachment: {
          type: 'photo',
          url: 'https://www.facebook.com/photo.php?fbid=1',
          media: { image: { src: photo } },
        },
      },
      { author: null, text: null, attachments: [{ kind: 'photo', url: photo, name: null }] },
    ],
    [
      'of a comment with a video: never the still',
      'comment',
      '122_1501',
      {
        id: '122_1501',
        from: { id: '24' },
        attachment: { type: 'video_inline', url: 'https://www.facebook.com/v', media: { image: { src: photo } } },
      },
      { author: { id: '24', name: null }, text: null, attachments: [{ kind: 'video_inline', url: null, name: null }] },
    ],
    [
      'of a comment that is a sticker',
      'comment',
      '122_1501',
      {
        id: '122_1501',
        from: { id: '24' },
        attachment: { type: 'sticker', url: 'https://scontent.xx.fbcdn.net/s.png' },
      },
      {
        author: { id: '24', name: null },
        text: null,
        attachments: [{ kind: 'sticker', url: 'https://scontent.xx.fbcdn.net/s.png', name: null }],
      },
    ],
    [
      'of a visitor’s post',
      'visitor_post',
      '101_122',
      { id: '101_122', from: { id: '24', name: 'Lê Thị Bưởi' }, message: 'Đường hỏng', full_picture: photo },
      {
        author: { id: '24', name: 'Lê Thị Bưởi' },
        text: 'Đường hỏng',
        attachments: [{ kind: 'photo', url: photo, name: null }],
      },
    ],
    [
      'of a message: words, pictures and files',
      'message',
      mid,
      {
        id: mid,
        from: { id: '90', name: 'Võ Thị Mai' },
        message: 'Gửi đơn',
        attachments: {
          data: [
            { mime_type: 'image/jpeg', name: 'a.jpg', image_data: { url: photo, width: 1, height: 1 } },
            { mime_type: 'video/mp4', name: 'b.mp4', video_data: { url: 'https://video.xx.fbcdn.net/b.mp4' } },
            { mime_type: 'audio/mp4', name: 'c.mp4', file_url: 'https://cdn.fbsbx.com/c.mp4' },
            { mime_type: 'application/pdf', name: 'don.pdf', file_url: 'https://cdn.fbsbx.com/don.pdf' },
          ],
        },
      },
      {
        author: { id: '90', name: 'Võ Thị Mai' },
        text: 'Gửi đơn',
        attachments: [
          { kind: 'image', url: photo, name: 'a.jpg' },
          { kind: 'video', url: 'https://video.xx.fbcdn.net/b.mp4', name: 'b.mp4' },
          { kind: 'audio', url: 'https://cdn.fbsbx.com/c.mp4', name: 'c.mp4' },
          { kind: 'file', url: 'https://cdn.fbsbx.com/don.pdf', name: 'don.pdf' },
        ],
      },
    ],
    [
      'of a message that is a sticker',
      'message',
      mid,
      { id: mid, message: '', sticker: 'https://scontent.xx.fbcdn.net/s.png' },
      {
        author: null,
        text: null,
        attachments: [{ kind: 'sticker', url: 'https://scontent.xx.fbcdn.net/s.png', name: null }],
      },
    ],
  ])('%s', async (_what, kind, messageId, answer, facts) => {
    const { server, lookup } = await lookupAt(json(answer))

    expect(await lookup({ kind, messageId })).toEqual(facts)
    expect(server.received[0]).toMatchObject({ method: 'GET', authorization: 'Bearer EAAPAGE' })
    expect(server.received[0]?.url?.split('?')[0]).toBe(`/v25.0/${messageId}`)
  })
})

describe('when Graph says nothing', () => {
  const error = (code: number, error_subcode?: number): object => ({ error: { code, error_subcode, message: '' } })

  it.each([
    ['the comment is gone', 400, error(100, 33)],
    ['the call is refused as wrong', 400, error(100)],
  ])('%s: there is nothing to be had', async (_why, status, body) => {
    const { lookup } = await lookupAt(json(body, status))

    expect(await lookup({ kind: 'comment', messageId: '122_1501' })).toBeNull()
  })

  it.each([
    ['it is overloaded', 500, error(2)],
    ['the Page has used up its calls', 403, error(32)],
    ['the token is over', 400, error(190, 463)],
    ['a permission is missing', 403, error(10)],
    ['it answers with a page', 502, '<html>'],
  ])('%s: it is asked later', async (_why, status, body) => {
    const { lookup } = await lookupAt(json(body, status))

    await expect(lookup({ kind: 'comment', messageId: '122_1501' })).rejects.toBeInstanceOf(NotNowError)
  })

  it('an id that Graph cannot have given is not asked about', async () => {
    const { server, lookup } = await lookupAt(json({}))

    expect(await lookup({ kind: 'comment', messageId: '../me?x=' })).toBeNull()
    expect(await lookup({ kind: 'message', messageId: null })).toBeNull()
    expect(server.received).toEqual([])
  })
})

it('the simulated Facebook shows what its webhooks leave out', async () => {
  const sim = await startFacebookSim({ allow: true, ...simulatedApp })
  const zalo = await startZaloSim({ allow: true })
  try {
    const town = buildTown(sim, zalo)
    const lookup = lookupOf(sim.url, town.pageToken, simulatedApp.appSecret)
    const author = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
    const commentId = sim.comment({ pageId: town.pageId, postId: town.postId, author, text: 'Hỏi', photoUrl: photo })
    const postId = sim.visitorPost({ pageId: town.pageId, author, text: 'Đường hỏng' })
    const messageId = sim.message({ pageId: town.pageId, psid: '9000000000000001', name: 'Mai', text: 'Chào' })

    expect(await lookup({ kind: 'comment', messageId: commentId })).toEqual({
      author,
      text: 'Hỏi',
      attachments: [{ kind: 'photo', url: photo, name: null }],
    })
    expect(await lookup({ kind: 'visitor_post', messageId: postId })).toEqual({
      author,
      text: 'Đường hỏng',
      attachments: [],
    })
    expect(await lookup({ kind: 'message', messageId })).toEqual({
      author: { id: '9000000000000001', name: 'Mai' },
      text: 'Chào',
      attachments: [],
    })
  } finally {
    await sim.stop()
    await zalo.stop()
  }
})
