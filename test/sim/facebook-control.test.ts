import { describe, expect, it } from 'vitest'
import { graph, pageId, resident, startProduct, startStage, startTown } from './facebook-stage.ts'

async function post(sim: { url: string }, name: string, body: object = {}): Promise<{ http: number; body: unknown }> {
  const response = await fetch(`${sim.url}/_sim/${name}`, { method: 'POST', body: JSON.stringify(body) })
  return { http: response.status, body: await response.json() }
}

async function get(sim: { url: string }, name: string): Promise<unknown> {
  return (await fetch(`${sim.url}/_sim/${name}`)).json()
}

describe('another process', () => {
  it('sets up a Page, writes, reads the wall and the log over HTTP', async () => {
    const product = await startProduct()
    const sim = await startStage()

    await post(sim, 'addPage', { id: '102', name: 'Xã bên', token: 'T102' })
    await post(sim, 'setWebhook', { url: product.url })
    const { body: made } = await post(sim, 'addPost', { pageId: '102', text: 'Chào bà con' })
    const postId = Object(made).id as string
    await post(sim, 'comment', { pageId: '102', postId, author: resident, text: 'Hỏi' })
    await post(sim, 'idle')

    expect(await get(sim, 'wall?pageId=102')).toMatchObject({
      page: { id: '102', name: 'Xã bên' },
      posts: [{ id: postId, comments: [{ text: 'Hỏi', author: resident }] }],
    })
    expect(await get(sim, 'log?kind=resident')).toMatchObject([{ what: 'comment', text: 'Hỏi', authorId: resident.id }])
    expect(product.received).toHaveLength(2)
  })

  it('plans trouble by name or in full', async () => {
    const { sim, postId } = await startTown()
    await post(sim, 'fail', {
      match: { method: 'POST', path: '/comments$' },
      how: { preset: 'refuse', args: [190, 463] },
    })
    await post(sim, 'fail', { how: { effect: true, ends: 'answer', http: 502, body: '<html>' } })

    const first = await graph(sim, 'POST', `${postId}/comments`, { message: 'một' })
    const second = await graph(sim, 'POST', `${postId}/comments`, { message: 'hai' })

    expect(first.body).toMatchObject({ error: { code: 190, error_subcode: 463 } })
    expect([second.http, second.text]).toEqual([502, '<html>'])
    expect(sim.wall(pageId).posts[0]?.comments).toMatchObject([{ text: 'hai' }])
    expect(await get(sim, 'faults')).toEqual([])
  })

  it('a wrong order is refused with a reason', async () => {
    const { sim } = await startTown()

    expect(await post(sim, 'comment', { pageId })).toMatchObject({
      http: 400,
      body: { error: expect.stringContaining('postId') },
    })
    expect(await post(sim, 'comment', { pageId, postId: '1_2', author: resident, text: 'x' })).toMatchObject({
      http: 409,
      body: { code: 'unknown_post' },
    })
    expect(await post(sim, 'nonsense')).toMatchObject({ http: 404 })
    expect((await fetch(`${sim.url}/_sim/assets/..%2fserver.ts`)).status).toBe(404)
  })

  it('changes are pushed as server-sent events', async () => {
    const { sim, postId } = await startTown()
    const abort = new AbortController()
    const response = await fetch(`${sim.url}/_sim/events?pageId=${pageId}`, { signal: abort.signal })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    await reader?.read()

    const id = sim.comment({ pageId, postId, author: resident, text: 'Hỏi' })

    expect((await reader?.read())?.value).toContain(id)
    abort.abort()
  })
})
