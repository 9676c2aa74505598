import { FacebookAdsApi } from 'facebook-nodejs-business-sdk'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { secretProof } from '../../sim/facebook/wire.ts'
import { appSecret, pageId, pageToken, resident, startTown } from './facebook-stage.ts'

// axios honours proxy variables; the simulator must be reached directly.
beforeAll(() => {
  vi.stubEnv('NO_PROXY', '127.0.0.1')
  vi.stubEnv('no_proxy', '127.0.0.1')
})

const proof = secretProof(appSecret, pageToken)

function sdk(base: string): (method: string, path: string[], params?: Record<string, unknown>) => Promise<unknown> {
  const api = new FacebookAdsApi(pageToken, 'en_US', false)
  return (method, path, params = {}) => api.call(method, path, { ...params, appsecret_proof: proof }, {}, false, base)
}

describe("Meta's own SDK", () => {
  it('writes, reads, edits and deletes a reply', async () => {
    const { sim, postId } = await startTown()
    const call = sdk(sim.url)
    const commentId = sim.comment({ pageId, postId, author: resident, text: 'Hỏi' })

    const made = (await call('POST', [commentId, 'comments'], { message: 'Dạ, chiều nay ạ' })) as { id: string }
    const list = await call('GET', [commentId, 'comments'], {
      fields: 'id,from,message,created_time',
      filter: 'stream',
      order: 'reverse_chronological',
      limit: 100,
    })
    const edited = await call('POST', [made.id], { message: 'Dạ, sáng mai ạ' })
    const wall = sim.wall(pageId).posts[0]?.comments[0]?.replies
    const deleted = await call('DELETE', [made.id])

    expect(list).toMatchObject({ data: [{ id: made.id, from: { id: pageId }, message: 'Dạ, chiều nay ạ' }] })
    expect(wall).toMatchObject([{ text: 'Dạ, sáng mai ạ' }])
    expect([edited, deleted]).toEqual([{ success: true }, { success: true }])
  })

  it('sends a Messenger text, subscribes the Page and publishes a post', async () => {
    const { sim } = await startTown()
    const call = sdk(sim.url)
    sim.message({ pageId, psid: '777', name: 'Lê Thị Giả', text: 'Hỏi' })

    const sent = await call('POST', [pageId, 'messages'], {
      recipient: { id: '777' },
      messaging_type: 'RESPONSE',
      message: { text: 'Dạ', metadata: 'dhmt:1' },
    })
    const subscribed = await call('POST', [pageId, 'subscribed_apps'], { subscribed_fields: ['feed', 'messages'] })
    const post = (await call('POST', [pageId, 'feed'], { message: 'Tổng hợp' })) as { id: string }

    expect(sent).toMatchObject({ recipient_id: '777' })
    expect(subscribed).toEqual({ success: true })
    expect(sim.wall(pageId).posts[0]).toMatchObject({ id: post.id, text: 'Tổng hợp' })
  })

  it('sees refusals with code and subcode, and only "no response" after a reset', async () => {
    const { sim, postId } = await startTown()
    const call = sdk(sim.url)
    const commentId = sim.comment({ pageId, postId, author: resident, text: 'Hỏi' })
    sim.fail({ match: { method: 'POST' }, how: how.refuse(190, 463) })
    sim.fail({ match: { method: 'POST' }, how: how.createThenReset() })

    await expect(call('POST', [commentId, 'comments'], { message: 'x' })).rejects.toMatchObject({
      status: 400,
      response: { code: 190, error_subcode: 463 },
    })
    await expect(call('POST', [commentId, 'comments'], { message: 'y' })).rejects.toThrow(/no response/u)
    expect(sim.wall(pageId).posts[0]?.comments[0]?.replies).toMatchObject([{ text: 'y' }])
  })
})
