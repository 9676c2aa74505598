import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startZaloBotSim } from '../../sim/zalo-bot/server.ts'
import { until } from '../support/until.ts'
import { startBotStage, startProduct } from './zalo-bot-stage.ts'

const secret = 'mot-bi-mat-du-dai'
const captured = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/zalo-bot/${name}.json`, import.meta.url), 'utf8'))

describe('the platform', () => {
  it('starts only where simulators are allowed, and on loopback alone', async () => {
    await expect(startZaloBotSim({ allow: false })).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(startZaloBotSim({ allow: true, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'not_loopback' })
  })

  it('says who the bot is, and 401 for a token that is none', async () => {
    const { api, bot, sim } = await startBotStage()

    expect((await api('getMe')).body).toEqual({
      ok: true,
      result: { id: bot, account_name: 'Bot Mặt trận xã', account_type: 'BASIC', can_join_groups: true },
    })
    const token = sim.resetToken(bot)
    expect(await api('getMe')).toEqual({
      http: 200,
      body: { ok: false, error_code: 401, description: 'Unauthorized' },
    })
    expect((await api('getMe', {}, token)).body.ok).toBe(true)
    expect((await api('getme', {}, token)).body.error_code).toBe(404)
  })
})

describe('getUpdates', () => {
  it('hands out one update and forgets it, then waits and says 408', async () => {
    const { api, sim, bot, hoa } = await startBotStage()
    const { id, at } = sim.say({ bot, person: hoa, text: 'Xin chào' })
    const chat = sim.chatIdOf(bot, { bot, person: hoa })

    expect((await api('getUpdates', { timeout: '5' })).body).toEqual({
      ok: true,
      result: {
        event_name: 'message.text.received',
        message: {
          from: { id: chat, display_name: 'Phan Thị Hoa', is_bot: false },
          chat: { id: chat, chat_type: 'PRIVATE' },
          message_id: id,
          date: at,
          text: 'Xin chào',
        },
      },
    })
    expect((await api('getUpdates', { timeout: 5 })).body).toEqual(captured('bot-06-getupdates-timeout').body)
  })

  it('answers a waiting call when somebody writes', async () => {
    const { api, sim, bot, hoa } = await startBotStage({ pollScale: 1 })

    const waiting = api('getUpdates', { timeout: 30 })
    sim.say({ bot, person: hoa, text: 'một' })

    expect((await waiting).body.result).toMatchObject({ message: { text: 'một' } })
    expect(sim.waitingFor(bot)).toBe(0)
  })

  it('an update is kept while nobody asks, also when a caller went away before it came', async () => {
    const { api, sim, bot, hoa, token } = await startBotStage({ pollScale: 1 })
    const leaving = new AbortController()
    const call = fetch(`${sim.url}/bot${token}/getUpdates`, { method: 'POST', signal: leaving.signal })
    const ended = expect(call).rejects.toThrow()
    await until(() => sim.askingFor(bot) === 1, { what: 'a waiting caller' })
    leaving.abort()
    await ended
    await until(() => sim.askingFor(bot) === 0, { what: 'the caller to be gone' })

    sim.say({ bot, person: hoa, text: 'một' })

    expect((await api('getUpdates')).body.result).toMatchObject({ message: { text: 'một' } })
  })

  it('is refused while a webhook is set', async () => {
    const { api } = await startBotStage()
    const product = await startProduct()
    await api('setWebhook', { url: product.url, secret_token: secret })

    expect((await api('getUpdates', { timeout: 1 })).body.error_code).toBe(400)
    await api('deleteWebhook')
    expect((await api('getUpdates', { timeout: 1 })).body.error_code).toBe(408)
  })
})

describe('webhooks', () => {
  it('what a person writes comes with the secret, and getWebhookInfo never shows that', async () => {
    const { api, sim, bot, hoa } = await startBotStage()
    const product = await startProduct()
    await api('setWebhook', { url: product.url, secret_token: secret })

    sim.say({ bot, person: hoa, text: 'Xin chào' })
    await sim.idle()

    expect(product.received).toEqual([{ secret, raw: expect.stringContaining('"text":"Xin chào"') }])
    const info = (await api('getWebhookInfo')).body
    expect(info.result).toMatchObject({ url: product.url })
    expect(JSON.stringify(info)).not.toContain(secret)
  })

  it.each([
    ['http://danhoi.example.vn/x', 'url must be https'],
    ['https://localhost/x', 'url must be reachable'],
    ['https://127.0.0.1/x', 'url must be reachable'],
    ['https://192.168.1.4/x', 'url must be reachable'],
    ['https://10.0.0.8/x', 'url must be reachable'],
    ['https://172.20.0.8/x', 'url must be reachable'],
    ['https://[fd00::1]/x', 'url must be reachable'],
    ['không', 'invalid url'],
  ])('%s is refused', async (url, why) => {
    const { api } = await startBotStage({ allowLoopbackWebhook: false })

    const { body } = await api('setWebhook', { url, secret_token: secret })

    expect(body).toMatchObject({ ok: false, error_code: 400, description: expect.stringContaining(why) })
  })

  it('a public https address is taken, a short secret is not', async () => {
    const { api } = await startBotStage({ allowLoopbackWebhook: false })

    expect((await api('setWebhook', { url: 'https://danhoi.example.vn/x', secret_token: secret })).body.ok).toBe(true)
    expect((await api('setWebhook', { url: 'https://danhoi.example.vn/x', secret_token: 'ngan' })).body.ok).toBe(false)
  })

  it('one that was not taken is gone, unless the simulator is told to send again', async () => {
    const once = await startBotStage()
    const product = await startProduct()
    product.status = 503
    await once.api('setWebhook', { url: product.url, secret_token: secret })
    once.sim.say({ bot: once.bot, person: once.hoa, text: 'một' })
    await once.sim.idle()
    expect(product.received).toHaveLength(1)

    const again = await startBotStage({ redeliveries: 2, redeliverAfterMs: 1 })
    await again.api('setWebhook', { url: product.url, secret_token: secret })
    again.sim.say({ bot: again.bot, person: again.hoa, text: 'hai' })
    await again.sim.idle()
    expect(product.received).toHaveLength(4)
  })
})

describe('sending', () => {
  it('a text stands in the chat once the person has written, and in the log', async () => {
    const { api, sim, bot, hoa } = await startBotStage()
    const chat = sim.chatIdOf(bot, { bot, person: hoa })
    expect((await api('sendMessage', { chat_id: chat, text: 'sớm quá' })).body.error_code).toBe(400)
    sim.say({ bot, person: hoa, text: '/start' })

    const { body } = await api('sendMessage', { chat_id: chat, text: 'Chào chị' })

    expect(body).toEqual({ ok: true, result: { message_id: expect.any(String), date: expect.any(Number) } })
    expect(Object.keys(body.result ?? {})).toEqual(Object.keys(captured('bot-07-send-ok').body.result))
    expect(sim.conversation({ bot, person: hoa }).map(({ text }) => text)).toEqual(['/start', 'Chào chị'])
    expect(sim.log).toContainEqual(
      expect.objectContaining({ kind: 'posted', bot, text: 'Chào chị', id: body.result?.message_id }),
    )
  })

  it('a text is 1 to 2,000 characters long', async () => {
    const { api, sim, bot, hoa } = await startBotStage()
    sim.say({ bot, person: hoa, text: '/start' })
    const chat = sim.chatIdOf(bot, { bot, person: hoa })
    const send = async (text: string) => (await api('sendMessage', { chat_id: chat, text })).body.ok

    expect([await send(''), await send('ă'.repeat(2_000)), await send('ă'.repeat(2_001))]).toEqual([false, true, false])
  })

  it('a person who deletes the chat is out of reach until they write again', async () => {
    const { api, sim, bot, hoa } = await startBotStage()
    sim.say({ bot, person: hoa, text: '/start' })
    const chat = sim.chatIdOf(bot, { bot, person: hoa })
    const send = async () => (await api('sendMessage', { chat_id: chat, text: 'a' })).body.ok
    sim.closeChat({ bot, person: hoa })

    expect(await send()).toBe(false)
    sim.say({ bot, person: hoa, text: 'lại là tôi' })
    expect(await send()).toBe(true)
  })

  it('a photo goes out by its address, an action is only acknowledged', async () => {
    const { api, sim, bot, group } = await startBotStage()
    const chat = sim.chatIdOf(bot, { group })

    await api('sendPhoto', { chat_id: chat, photo: 'https://anh.example.vn/1.jpg', caption: 'ngập' })

    expect(sim.conversation({ group })).toMatchObject([
      { kind: 'image', text: 'ngập', media: 'https://anh.example.vn/1.jpg' },
    ])
    expect((await api('sendChatAction', { chat_id: chat, action: 'typing' })).body).toEqual({ ok: true })
  })
})

describe('people', () => {
  it('in a group a bot learns only of what names it or quotes it', async () => {
    const { api, sim, bot, hoa, group } = await startBotStage()
    sim.say({ group, person: hoa, text: 'chào cả nhà' })
    expect(sim.waitingFor(bot)).toBe(0)

    sim.say({ group, person: hoa, text: 'cho hỏi', mentions: [bot] })
    const { body } = await api('getUpdates', { timeout: 1 })
    expect(body.result).toMatchObject({ message: { text: '@Bot Mặt trận xã cho hỏi', chat: { chat_type: 'GROUP' } } })

    const chat = sim.chatIdOf(bot, { group })
    const sent = (await api('sendMessage', { chat_id: chat, text: 'xin nghe' })).body.result
    sim.say({ group, person: hoa, text: 'cảm ơn', quote: String(sent?.message_id) })
    expect((await api('getUpdates', { timeout: 1 })).body.result).toMatchObject({ message: { text: 'cảm ơn' } })
  })

  it('a protected sender is told of without words', async () => {
    const { api, sim, bot } = await startBotStage()
    const person = sim.addPerson({ id: 'em', name: 'Em nhỏ', isProtected: true })
    sim.say({ bot, person, text: 'điều em viết' })

    const { body } = await api('getUpdates', { timeout: 1 })

    expect(body.result).toMatchObject({ event_name: 'message.unsupported.received' })
    expect(JSON.stringify(body)).not.toContain('điều em viết')
    expect(Object.keys(body.result?.message ?? {})).toEqual(['from', 'chat', 'message_id', 'date'])
  })

  it('each bot sees a person under another id', async () => {
    const { sim, bot, hoa } = await startBotStage()
    const other = sim.addBot({ name: 'Bot thứ hai' }).id

    expect(sim.chatIdOf(bot, { bot, person: hoa })).not.toBe(sim.chatIdOf(other, { bot: other, person: hoa }))
    expect(sim.addBot({ name: 'Bot thứ hai' }).id).toBe(other)
  })
})
