import { describe, expect, it } from 'vitest'
import { how } from '../../sim/zalo-bot/how.ts'
import { until } from '../support/until.ts'
import { startBotStage, startProduct } from './zalo-bot-stage.ts'

const secret = 'mot-bi-mat-du-dai'

async function openChat() {
  const stage = await startBotStage()
  const { sim, bot, hoa, api } = stage
  sim.say({ bot, person: hoa, text: '/start' })
  await api('getUpdates')
  const chat = sim.chatIdOf(bot, { bot, person: hoa })
  const send = (text: string) => api('sendMessage', { chat_id: chat, text })
  const seen = () =>
    sim
      .conversation({ bot, person: hoa })
      .filter(({ by }) => 'bot' in by)
      .map(({ text }) => text)
  return { ...stage, chat, send, seen }
}

async function withWebhook(options: Parameters<typeof startBotStage>[0] = {}) {
  const stage = await startBotStage(options)
  const product = await startProduct()
  await stage.api('setWebhook', { url: product.url, secret_token: secret })
  const say = (text: string) => stage.sim.say({ bot: stage.bot, person: stage.hoa, text }).id
  const texts = () => product.received.map(({ raw }) => /"text":"([^"]*)"/.exec(raw)?.[1])
  return { ...stage, product, say, texts }
}

describe('calls that go wrong', () => {
  it('a reset before doing leaves nothing behind, one after doing leaves a message nobody was told of', async () => {
    const { sim, send, seen } = await openChat()
    sim.failCalls({ method: 'sendMessage', how: how.resetBefore() })
    sim.failCalls({ method: 'sendMessage', how: how.doneThenReset() })

    await expect(send('một')).rejects.toThrow()
    expect(seen()).toEqual([])
    await expect(send('hai')).rejects.toThrow()
    expect(seen()).toEqual(['hai'])
    expect(sim.log.at(-1)).toMatchObject({ kind: 'call', status: 0, ok: null, created: [expect.any(String)] })
    expect((await send('ba')).body.ok).toBe(true)
  })

  it('a call can hang after doing, and stopping frees it', async () => {
    const { sim, send, seen } = await openChat()
    sim.failCalls({ how: how.doneThenHang() })

    const ended = expect(send('một')).rejects.toThrow()
    await until(() => seen().length, { what: 'the message' })

    await sim.stop()
    await ended
  })

  it.each([
    ['too much', how.refuse(429), { http: 200, body: { ok: false, error_code: 429, description: 'Quota exceeded' } }],
    ['refused with a status', how.refuse(401, { http: 401 }), { http: 401, body: { ok: false, error_code: 401 } }],
  ])('%s', async (_what, trouble, answer) => {
    const { sim, send, seen } = await openChat()
    sim.failCalls({ method: 'sendMessage', how: trouble })

    expect(await send('một')).toMatchObject(answer)
    expect(seen()).toEqual([])
  })

  it.each([
    ['a page of HTML', how.doneThenHtml(502), 502],
    ['no id', how.doneWithoutId(), 200],
    ['ok false with 200', how.doneThenRefused(), 200],
  ])('done and answered with %s', async (_what, trouble, http) => {
    const { sim, token, chat, seen } = await openChat()
    sim.failCalls({ method: 'sendMessage', how: trouble })

    const answer = await fetch(`${sim.url}/bot${token}/sendMessage`, {
      method: 'POST',
      body: JSON.stringify({ chat_id: chat, text: 'một' }),
    })

    expect(answer.status).toBe(http)
    expect(seen()).toEqual(['một'])
  })

  it('an update whose answer is lost is lost, and the log says so', async () => {
    const { sim, api, bot, hoa } = await startBotStage()
    sim.failCalls({ method: 'getUpdates', how: how.doneThenReset() })
    const { id } = sim.say({ bot, person: hoa, text: 'một' })

    await expect(api('getUpdates')).rejects.toThrow()

    expect((await api('getUpdates')).body.error_code).toBe(408)
    expect(sim.log).toContainEqual(expect.objectContaining({ kind: 'handed', about: id, arrived: false }))
  })

  it('a fault can be meant for certain words, so often, or until it is healed', async () => {
    const { sim, send } = await openChat()
    sim.failCalls({ text: /hai/, times: null, how: how.refuse(429) })

    expect((await send('một')).body.ok).toBe(true)
    expect([(await send('hai')).body.ok, (await send('hai')).body.ok]).toEqual([false, false])
    sim.heal()
    expect((await send('hai')).body.ok).toBe(true)
  })
})

describe('webhooks that go wrong', () => {
  it('duplicate, lost and reordered', async () => {
    const { sim, say, texts } = await withWebhook()
    sim.failDeliveries({ do: 'duplicate', text: 'hai lần' })
    sim.failDeliveries({ do: 'lose', text: 'mất' })
    sim.failDeliveries({ do: 'reorder', text: 'muộn' })

    say('hai lần')
    await sim.idle()
    expect(texts()).toEqual(['hai lần', 'hai lần'])

    say('mất')
    await sim.idle()
    expect(texts()).toHaveLength(2)
    expect(sim.log).toContainEqual(expect.objectContaining({ kind: 'fault', fault: 'lose' }))

    const late = say('muộn')
    const next = say('sau')
    await sim.idle()
    const fault = sim.log.findIndex((entry) => entry.kind === 'fault' && entry.about === late)
    const sent = sim.log.filter((entry) => entry.kind === 'delivery').map((entry) => entry.about)
    expect(fault).toBeGreaterThan(0)
    expect(sent).toEqual(expect.arrayContaining([late, next]))
    expect(texts()).toEqual(expect.arrayContaining(['muộn', 'sau']))
  })

  it('a held update goes out by itself when nothing follows', async () => {
    const { sim, say, texts } = await withWebhook({ holdMs: 5 })
    sim.failDeliveries({ do: 'reorder' })

    say('muộn')
    await sim.idle()

    expect(texts()).toEqual(['muộn'])
  })

  it.each([
    ['wrong-secret', { secret: `not ${secret}`, raw: expect.stringContaining('"ok":true') }],
    ['no-secret', { secret: null, raw: expect.stringContaining('"ok":true') }],
    ['bare', { secret, raw: expect.stringMatching(/^\{"event_name":/) }],
  ] as const)('%s', async (fault, expected) => {
    const { sim, product, say } = await withWebhook()
    sim.failDeliveries({ do: fault })

    say('một')
    await sim.idle()

    expect(product.received).toEqual([expected])
  })

  it('no JSON, and any body at all', async () => {
    const { sim, bot, product, say } = await withWebhook()
    sim.failDeliveries({ do: 'broken' })
    say('một')
    await sim.idle()
    sim.push(bot, { ok: true, result: { event_name: 'message.poll.received' } })
    await sim.idle()

    const [broken, pushed] = product.received
    expect(() => JSON.parse(broken?.raw ?? '')).toThrow()
    expect(JSON.parse(pushed?.raw ?? '')).toEqual({ ok: true, result: { event_name: 'message.poll.received' } })
  })

  it('what waited for getUpdates goes to a webhook that is set', async () => {
    const { sim, api, bot, hoa } = await startBotStage()
    const product = await startProduct()
    sim.say({ bot, person: hoa, text: 'đã chờ' })

    await api('setWebhook', { url: product.url, secret_token: secret })
    await until(() => product.received.length, { what: 'the webhook' })

    expect(product.received[0]?.raw).toContain('đã chờ')
  })
})

describe('over HTTP', () => {
  const order = (url: string, name: string, input: object) =>
    fetch(`${url}/_sim/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })

  it('another process can write, plan faults and read the log', async () => {
    const { sim, bot, hoa } = await startBotStage()

    const said = await (await order(sim.url, 'say', { bot, person: hoa, text: 'một' })).json()
    await order(sim.url, 'failCalls', { how: { preset: 'refuse', args: [429] } })

    expect(await (await fetch(`${sim.url}/_sim/log?kind=said`)).json()).toMatchObject([said])
    expect(await (await fetch(`${sim.url}/_sim/bots`)).json()).toEqual([
      { id: bot, name: 'Bot Mặt trận xã', webhook: null },
    ])
    expect(await (await fetch(`${sim.url}/_sim/conversation?bot=${bot}&person=${hoa}`)).json()).toHaveLength(1)
  })

  it('a wrong order is refused with the reason', async () => {
    const { sim, bot } = await startBotStage()

    expect((await order(sim.url, 'say', { text: 'ai?' })).status).toBe(400)
    expect((await order(sim.url, 'say', { bot, person: 'khong-co' })).status).toBe(409)
    expect((await order(sim.url, 'fly', {})).status).toBe(404)
    expect((await fetch(`${sim.url}/_sim/heal`, { method: 'POST' })).status).toBe(415)
  })
})
