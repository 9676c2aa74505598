import { describe, expect, it } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { until } from '../support/until.ts'
import { graph, onlyUpdate, pageId, pageToken, resident, startTown } from './facebook-stage.ts'

const replies = /\/comments$/u

async function townWithComment() {
  const town = await startTown()
  const commentId = town.sim.comment({ pageId, postId: town.postId, author: resident, text: 'Hỏi' })
  await town.sim.idle()
  const seen = (): string[] => town.sim.wall(pageId).posts[0]?.comments[0]?.replies.map(({ text }) => text) ?? []
  const reply = (text: string) => graph(town.sim, 'POST', `${commentId}/comments`, { message: text })
  return { ...town, commentId, seen, reply }
}

describe('calls that go wrong', () => {
  it('one Page has trouble while its neighbour has none', async () => {
    const { sim, reply } = await townWithComment()
    sim.fail({ match: { pageId: 'another' }, times: 9, how: how.refuse(32) })
    sim.fail({ match: { pageId }, how: how.refuse(613) })

    expect((await reply('một')).http).toBe(400)
    expect((await reply('hai')).http).toBe(200)
    expect(sim.plannedFaults()).toEqual([{ id: 1, name: 'refuse-32', left: 9 }])
  })

  it('a reply is made, and with its answer comes the word that the calls are nearly used up', async () => {
    const { sim, commentId } = await townWithComment()
    sim.fail({ match: { method: 'POST' }, how: how.nearLimit(97) })

    const call = `${sim.url}/v24.0/${commentId}/comments?access_token=${pageToken}&message=x`
    const response = await fetch(call, { method: 'POST' })

    expect(response.status).toBe(200)
    expect(JSON.parse(response.headers.get('x-app-usage') ?? '')).toMatchObject({ call_count: 97 })
  })

  it('a reset before doing leaves nothing behind', async () => {
    const { sim, seen, reply } = await townWithComment()
    sim.fail({ match: { method: 'POST', path: replies }, how: how.resetBefore() })

    await expect(reply('một')).rejects.toThrow()

    expect(seen()).toEqual([])
    expect(sim.log.at(-1)).toMatchObject({ kind: 'call', status: 0, fault: 'reset-before', created: [] })
    expect((await reply('hai')).http).toBe(200)
  })

  it('a reset after doing leaves a reply nobody was told of', async () => {
    const { sim, product, seen, reply } = await townWithComment()
    sim.fail({ match: { method: 'POST', path: replies }, how: how.createThenReset() })

    await expect(reply('một')).rejects.toThrow()
    await until(() => product.received.length === 2, { what: 'the echo' })

    expect(seen()).toEqual(['một'])
    expect(sim.log).toContainEqual(expect.objectContaining({ kind: 'call', status: 0, created: [expect.any(String)] }))
    expect(onlyUpdate(product.received.at(-1))).toMatchObject({ message: 'một', from: { id: pageId } })
  })

  it('a call can hang after doing, and stopping frees it', async () => {
    const { sim, commentId, seen } = await townWithComment()
    sim.fail({ match: { method: 'POST' }, how: how.createThenHang() })

    const call = fetch(`${sim.url}/v24.0/${commentId}/comments?access_token=${pageToken}&message=x`, { method: 'POST' })
    const ended = expect(call).rejects.toThrow()
    await until(() => seen().length, { what: 'the reply on the wall' })
    await sim.stop()
    await ended
  })

  it.each([
    ['HTML', how.createThenHtml(502), 502],
    ['nothing', how.createThenEmpty(500), 500],
    ['code 2', how.createThenError(2), 500],
    ['a clean refusal', how.createThenCleanError(), 400],
    ['200 with an error', how.okWithError(true), 200],
    ['200 without id', how.okWithoutId(), 200],
  ])('a reply that was made is answered with %s', async (_name, trouble, http) => {
    const { sim, seen, reply } = await townWithComment()
    sim.fail({ match: { method: 'POST', path: replies }, how: trouble })

    const answer = await reply('một')

    expect([answer.http, answer.body.id]).toEqual([http, undefined])
    expect(seen()).toEqual(['một'])
  })

  it.each([
    [32, undefined],
    [80001, undefined],
    [368, undefined],
    [613, undefined],
    [190, 463],
    [100, 33],
    [10900, undefined],
  ])('code %s/%s is refused with nothing done', async (code, subcode) => {
    const { sim, seen, reply } = await townWithComment()
    sim.fail({ match: {}, how: how.refuse(code, subcode) })

    const { body } = await reply('một')

    expect(body).toMatchObject({ error: { code, ...(subcode ? { error_subcode: subcode } : {}) } })
    expect(seen()).toEqual([])
  })

  it('throttling names the minutes, and ordinary answers carry the usage too', async () => {
    const { sim, reply } = await townWithComment()
    sim.setUsage({ app: { call_count: 85, total_time: 3, total_cputime: 4 } })
    sim.fail({ how: how.throttled(pageId, 19) })

    const refused = await reply('một')
    const fine = await reply('hai')

    const usage = refused.headers.get('x-business-use-case-usage') ?? ''
    expect(JSON.parse(usage)[pageId][0].estimated_time_to_regain_access).toBe(19)
    expect(fine.headers.get('x-app-usage')).toBe('{"call_count":85,"total_time":3,"total_cputime":4}')
  })

  it('a fault can wait its turn, match a text and happen several times', async () => {
    const { sim, seen, reply } = await townWithComment()
    sim.fail({ match: { text: /xấu/u }, skip: 1, times: 2, how: how.refuse(368) })

    const statuses: number[] = []
    for (const text of ['xấu 1', 'tốt', 'xấu 2', 'xấu 3', 'xấu 4']) statuses.push((await reply(text)).http)

    expect(statuses).toEqual([200, 200, 400, 400, 200])
    expect(seen()).toEqual(['xấu 1', 'tốt', 'xấu 4'])
  })
})

describe('the webhook of our own reply', () => {
  it('can arrive before the answer to the POST', async () => {
    const { sim, product, reply } = await townWithComment()
    sim.weather({ ownEcho: 'before' })

    const { body } = await reply('một')

    expect(onlyUpdate(product.received.at(-1))).toMatchObject({ comment_id: body.id })
  })

  it('can never arrive', async () => {
    const { sim, product, reply } = await townWithComment()
    sim.weather({ ownEcho: 'never' })

    await reply('một')
    await sim.idle()

    expect(product.received).toHaveLength(1)
    sim.heal()
    await reply('hai')
    await until(() => product.received.length === 2, { what: 'the echo in fair weather' })
  })
})
