import { describe, expect, it } from 'vitest'
import { signature256 } from '../../sim/facebook/wire.ts'
import { until } from '../support/until.ts'
import {
  appSecret,
  graph,
  onlyUpdate,
  pageId,
  resident,
  startProduct,
  startStage,
  startTown,
} from './facebook-stage.ts'

describe('the handshake', () => {
  it('a callback that does not give back the challenge is refused loudly', async () => {
    const product = await startProduct('ANOTHER TOKEN')
    const sim = await startStage()

    await expect(sim.setWebhook({ url: product.url })).rejects.toThrow(/answered 403 .*expected 200/u)
  })

  it('nothing is sent before a webhook is set or for a Page that is not subscribed', async () => {
    const { sim, product, postId } = await startTown()
    sim.dropSubscription(pageId)

    sim.comment({ pageId, postId, author: resident, text: 'không ai nghe' })
    await sim.idle()

    expect(product.received).toEqual([])
    expect(sim.log.filter((entry) => entry.kind === 'resident')).toHaveLength(1)
  })
})

describe('a delivery', () => {
  it('a comment comes escaped and signed, its time in seconds, its parent the post', async () => {
    const { sim, product, postId } = await startTown({ now: () => 1_793_000_000_123 })

    const id = sim.comment({ pageId, postId, author: resident, text: 'Đường hỏng 🙏 a/b' })
    await sim.idle()

    const [delivery] = product.received
    expect(delivery?.headers['x-hub-signature-256']).toBe(signature256(appSecret, delivery?.raw ?? ''))
    expect(delivery?.raw).toContain('\\u0110\\u01b0\\u1eddng h\\u1ecfng \\ud83d\\ude4f a\\/b')
    expect(delivery?.body).toEqual({
      object: 'page',
      entry: [
        {
          id: pageId,
          time: 1_793_000_000,
          changes: [
            {
              field: 'feed',
              value: {
                from: resident,
                post: {
                  status_type: 'mobile_status_update',
                  is_published: true,
                  updated_time: '2026-10-26T07:33:20+0000',
                  permalink_url: expect.stringContaining('story_fbid='),
                  promotion_status: 'inactive',
                  id: postId,
                },
                message: 'Đường hỏng 🙏 a/b',
                post_id: postId,
                comment_id: id,
                created_time: 1_793_000_000,
                item: 'comment',
                parent_id: postId,
                verb: 'add',
              },
            },
          ],
        },
      ],
    })
  })

  it('on a photo post the parent of a top-level comment is the album, of a reply the root comment', async () => {
    const { sim, product } = await startTown()
    const photoPost = sim.addPost(pageId, {
      text: 'Ảnh',
      kind: 'photo',
      photoUrl: 'https://scontent.xx.fbcdn.net/a.jpg',
    })
    const root = sim.comment({ pageId, postId: photoPost, author: resident, text: 'một' })
    const reply = sim.comment({ pageId, postId: photoPost, author: resident, text: 'hai', parentCommentId: root })
    sim.comment({ pageId, postId: photoPost, author: resident, text: 'ba', parentCommentId: reply })
    await sim.idle()

    const [post, ...comments] = product.received.map(onlyUpdate)
    const tail = photoPost.split('_')[1]
    expect(post).toMatchObject({ item: 'photo', verb: 'add', post_id: photoPost })
    expect(comments.map((value) => value.parent_id)).toEqual([expect.stringMatching(`^\\d+_${tail}$`), root, root])
    expect(comments[0]?.parent_id).not.toBe(photoPost)
  })

  it('a Messenger text comes in milliseconds', async () => {
    const { sim, product } = await startTown({ now: () => 1_793_000_000_123 })

    const mid = sim.message({ pageId, psid: '777', name: 'Lê Thị Giả', text: 'Cho tôi hỏi' })
    await sim.idle()

    expect(product.received[0]?.body).toMatchObject({ entry: [{ id: pageId, time: 1_793_000_000_123 }] })
    expect(onlyUpdate(product.received[0])).toEqual({
      sender: { id: '777' },
      recipient: { id: pageId },
      timestamp: 1_793_000_000_123,
      message: { mid, text: 'Cho tôi hỏi' },
    })
  })

  it('an edit, a removal without author and the removal of a post keep their shapes', async () => {
    const { sim, product, postId } = await startTown()
    const id = sim.comment({ pageId, postId, author: resident, text: 'sai' })
    sim.editComment({ commentId: id, text: 'đúng' })
    sim.removeComment({ commentId: id, bare: true })
    sim.removePost({ postId })
    await sim.idle()

    const [, edited, removed, postGone] = product.received.map(onlyUpdate)
    expect(edited).toMatchObject({ verb: 'edited', comment_id: id, message: 'đúng' })
    expect(removed).toEqual({ post_id: postId, comment_id: id, item: 'comment', parent_id: postId, verb: 'remove' })
    expect(postGone).toMatchObject({ item: 'post', verb: 'remove', post_id: postId })
  })

  it('a private profile has no author in the webhook but has one in Graph', async () => {
    const { sim, product, postId } = await startTown()
    const id = sim.comment({ pageId, postId, author: resident, text: 'ai đây', omit: ['from'] })
    await sim.idle()

    expect(onlyUpdate(product.received[0])).not.toHaveProperty('from')
    expect((await graph(sim, 'GET', `${id}?fields=from`)).body).toEqual({ id, from: resident })
  })
})

describe('bad days', () => {
  it('a product that is down gets everything once it is up again', async () => {
    const { sim, product, postId } = await startTown({ retryScale: 0.001 })
    product.status = (attempt) => (attempt <= 3 ? 503 : 200)

    sim.comment({ pageId, postId, author: resident, text: 'một' })
    sim.comment({ pageId, postId, author: resident, text: 'hai' })
    await sim.idle()

    const statuses = sim.log.flatMap((entry) => (entry.kind === 'delivery' ? [entry.status] : []))
    expect(statuses.filter((status) => status === 503)).toHaveLength(3)
    expect(statuses.filter((status) => status === 200)).toHaveLength(2)
  })

  it('the pause before a retry grows, and an injected clock owns it', async () => {
    const waits: number[] = []
    const set = (run: () => void, ms: number): void => {
      waits.push(ms)
      queueMicrotask(run)
    }
    const timers = { set, clear: () => {} }
    const { sim, product, postId } = await startTown({ timers })
    product.status = (attempt) => (attempt <= 4 ? 500 : 200)

    sim.comment({ pageId, postId, author: resident, text: 'một' })
    await sim.idle()

    expect(waits).toEqual([1_000, 5_000, 30_000, 120_000])
  })

  it('held updates of several Pages leave as one POST of up to a thousand', async () => {
    const { sim, product, postId } = await startTown()
    sim.addPage({ id: '102', name: 'Xã bên', token: 'T102' })
    const otherPost = sim.addPost('102', { text: 'chào' })
    await sim.idle()
    sim.weather({ batchMax: 1000 })
    sim.pauseWebhooks()
    for (let n = 0; n < 600; n++) sim.comment({ pageId, postId, author: resident, text: `câu ${n}` })
    for (let n = 0; n < 400; n++) sim.comment({ pageId: '102', postId: otherPost, author: resident, text: `câu ${n}` })
    const before = product.received.length
    sim.releaseWebhooks()
    await sim.idle()

    const body = product.received[before]?.body as { entry: { id: string; changes: unknown[] }[] }
    expect(product.received).toHaveLength(before + 1)
    expect(body.entry.map((entry) => [entry.id, entry.changes.length])).toEqual([
      [pageId, 600],
      ['102', 400],
    ])
  })

  it('updates can come doubled and in the wrong order', async () => {
    const { sim, product, postId } = await startTown()
    sim.weather({ duplicates: 2 })
    sim.pauseWebhooks()
    const id = sim.comment({ pageId, postId, author: resident, text: 'một' })
    sim.removeComment({ commentId: id })
    sim.releaseWebhooks('reversed')
    await sim.idle()

    expect(product.received.map((delivery) => onlyUpdate(delivery).verb)).toEqual([
      'remove',
      'remove',
      'remove',
      'add',
      'add',
      'add',
    ])
  })

  it('a share of the updates comes once more, among others', async () => {
    const { sim, product, postId } = await startTown({ random: seeded(7) })
    sim.weather({ repeats: 0.5, batchMax: 1_000 })
    sim.pauseWebhooks()
    for (let n = 0; n < 100; n += 1) sim.comment({ pageId, postId, author: resident, text: `câu ${n}` })
    sim.releaseWebhooks('shuffled')
    await sim.idle()

    const sent = sim.log.flatMap((entry) => (entry.kind === 'delivery' ? entry.ids : []))
    expect(product.received).toHaveLength(1)
    expect(new Set(sent).size).toBe(100)
    expect(sent.length).toBeGreaterThan(100)
    expect(sent.length).toBeLessThan(200)
  })

  it('in shuffled weather every update still arrives once', async () => {
    const { sim, product, postId } = await startTown({ random: seeded(7) })
    sim.weather({ shuffle: true, batchMax: 3, concurrency: 4 })
    sim.pauseWebhooks()
    const ids = Array.from({ length: 100 }, (_, n) =>
      sim.comment({ pageId, postId, author: resident, text: `câu ${n}` }),
    )
    sim.releaseWebhooks('shuffled')
    await sim.idle()

    const arrived = product.received.flatMap(({ body }) =>
      (body as { entry: { changes: { value: { comment_id: string } }[] }[] }).entry.flatMap((entry) =>
        entry.changes.map(({ value }) => value.comment_id),
      ),
    )
    expect(arrived).not.toEqual(ids)
    expect([...arrived].sort()).toEqual([...ids].sort())
  })

  it('a simulator that stops does not wait for a product that never answers', async () => {
    const { sim, product, postId } = await startTown()
    product.status = () => 500

    sim.comment({ pageId, postId, author: resident, text: 'một' })
    await until(() => product.received.length, { what: 'the first attempt' })

    await sim.stop()
  })
})

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
