import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deleteWebhook, getMe, setWebhook, webhookUrl } from '../../../bots/zalo-bot/api.ts'
import { isToken, readCredentials, writeCredentials } from '../../../bots/zalo-bot/credentials.ts'
import { botCodes, judge } from '../../../bots/zalo-bot/errors.ts'
import { how } from '../../../sim/zalo-bot/how.ts'
import { type BotStage, newBotStage } from './stage.ts'

let stage: BotStage
beforeEach(async () => {
  stage = await newBotStage()
})
afterEach(() => stage.close())

describe('connecting', () => {
  it('a token says whose it is', async () => {
    expect(await getMe(stage.access, 5_000)).toEqual({ id: stage.bot, name: 'Bot Mặt trận xã' })
  })

  it('an answer without an identity is none', async () => {
    stage.sim.failCalls({ how: how.answer(200, { ok: true, result: {} }) })

    await expect(getMe(stage.access, 5_000)).rejects.toMatchObject({ failure: { transport: 'unreadable' } })
  })

  it('a webhook is set, seen and taken away', async () => {
    expect(await webhookUrl(stage.access, 5_000)).toBeNull()
    await setWebhook(stage.access, { url: 'http://127.0.0.1:9/x', secret: 'mot-bi-mat-du-dai' }, 5_000)
    expect(await webhookUrl(stage.access, 5_000)).toBe('http://127.0.0.1:9/x')
    await deleteWebhook(stage.access, 5_000)
    expect(await webhookUrl(stage.access, 5_000)).toBeNull()
  })

  it('an address that the platform does not take is refused', async () => {
    await expect(
      setWebhook(stage.access, { url: 'http://10.0.0.8/x', secret: 'mot-bi-mat-du-dai' }, 5_000),
    ).rejects.toMatchObject({
      code: 'bot_call',
      failure: { code: 400 },
    })
  })
})

describe('credentials', () => {
  const credentials = { v: 1 as const, token: '123456:abcdefgh', webhookSecret: null }

  it('come back as they were written', () => {
    expect(readCredentials(writeCredentials(credentials))).toEqual(credentials)
  })

  it.each(['', '{}', 'không', '{"v":1,"token":"mot-bi-mat"}'])('%j is refused without being repeated', (text) => {
    expect(() => readCredentials(text)).toThrow('the kept token of this Zalo bot cannot be read: connect it again')
  })

  it.each([
    ['123456:abcdefgh', true],
    ['123456:abc/../x', false],
    ['abcdefgh', false],
    ['123456:abcdefgh\n', false],
    ['', false],
  ])('%j is a token: %s', (text, expected) => {
    expect(isToken(text)).toBe(expected)
  })
})

describe('codes', () => {
  const facts = { method: 'sendMessage', transport: null, reached: true, retryAfterMs: null }

  it.each([
    [400, 'drop'],
    [401, 'stop_alert'],
    [403, 'verify_first'],
    [404, 'stop_alert'],
    [408, 'verify_first'],
    [426, 'wait_until'],
    [429, 'wait_until'],
  ])('%i: %s', (code, expected) => {
    expect(judge({ ...facts, http: 200, code }).class).toBe(expected)
    expect(botCodes.get(code)?.class).toBe(expected)
  })

  it.each([
    [200, 'verify_first'],
    [301, 'verify_first'],
    [401, 'stop_alert'],
    [403, 'wait_until'],
    [404, 'stop_alert'],
    [408, 'verify_first'],
    [413, 'drop'],
    [429, 'wait_until'],
    [502, 'verify_first'],
  ])('HTTP %i without an envelope: %s', (http, expected) => {
    expect(judge({ ...facts, http, code: null }).class).toBe(expected)
  })

  it('a code that nobody documents is given no meaning', () => {
    for (const code of [0, 1, 405, 418, 500, -32])
      expect(judge({ ...facts, http: 200, code }).class).toBe('verify_first')
  })
})
