import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getMe } from '../../../bots/zalo-bot/api.ts'
import { how } from '../../../sim/zalo-bot/how.ts'
import type { OutboundMessage } from '../../../src/outbox/outbound.ts'
import type { Publisher } from '../../../src/outbox/publisher.ts'
import { type BotStage, newBotStage, outbound, quickWaits } from './stage.ts'

let stage: BotStage
beforeEach(async () => {
  stage = await newBotStage()
  stage.say('/start')
})
afterEach(() => stage.close())

const card = (given: Partial<OutboundMessage> = {}) => outbound(stage.chatId, given)

async function failure(publisher: Publisher, message: OutboundMessage): Promise<unknown> {
  return publisher.send(message).then(
    () => null,
    (error: unknown) => error,
  )
}

describe('sending', () => {
  it('a card stands in the officer’s chat, and its id is known', async () => {
    const sent = await stage.publisher().send(card())

    const [posted] = stage.sim.log.filter((entry) => entry.kind === 'posted')
    expect(sent).toEqual({ messageId: posted?.id })
    expect(stage.read()).toEqual(['Câu hỏi mới · DH-7KM-3QP'])
  })

  it('can neither quote nor look for what it has sent', async () => {
    const publisher = stage.publisher()

    expect(publisher.capabilities).toEqual({ readBack: false, quote: false, maxTextChars: 2_000 })
    expect(await publisher.findOwn(card())).toEqual({ found: 'unknowable' })
  })

  it.each<[string, Partial<OutboundMessage>, string]>([
    ['nothing', { text: ' ' }, 'empty_text'],
    ['a text that is too long', { text: 'ă'.repeat(2_001) }, 'text_too_long'],
    ['to an address of another platform', { address: { type: 'user', uid: '1' } }, 'bad_address'],
    ['a picture', { kind: 'file' }, 'no_pictures'],
    ['an edit', { kind: 'edit', audience: 'public' }, 'not_possible'],
    ['a post', { kind: 'post', audience: 'public' }, 'not_possible'],
  ])('%s is refused without a call', async (_what, given, platformCode) => {
    expect(await failure(stage.publisher(), card(given))).toMatchObject({
      code: 'rejected',
      platformCode,
      answered: false,
    })
    expect(stage.sim.log.filter((entry) => entry.kind === 'call')).toEqual([])
  })

  it('a success without an id is a success', async () => {
    stage.sim.failCalls({ how: how.doneWithoutId() })

    expect(await stage.publisher().send(card())).toEqual({ messageId: null })
  })
})

describe('what came of a failed send', () => {
  it.each([
    ['a reset after it was made', how.doneThenReset()],
    ['a page of HTML after it was made', how.doneThenHtml(502)],
    ['a clean refusal although it stands there', how.doneThenRefused(403)],
    ['a refusal with a code nobody documents', how.refuse(499)],
    ['408', how.refuse(408, { http: 408 })],
    ['a success that is no JSON', how.answer(200, 'OK')],
    ['a redirect', how.answer(302, '', { location: 'https://example.vn/' })],
  ])('%s: nobody knows', async (_what, trouble) => {
    stage.sim.failCalls({ how: trouble })

    expect(await failure(stage.publisher(), card())).toMatchObject({
      code: 'outcome_unknown',
      advice: { do: 'go_on' },
    })
  })

  it('no answer within the time: nobody knows', async () => {
    stage.sim.failCalls({ how: how.doneThenHang() })

    const error = await failure(stage.publisher({ waits: { callTimeoutMs: 50 } }), card())

    expect(error).toMatchObject({ code: 'outcome_unknown', platformCode: 'TimeoutError', answered: false })
  })

  it.each([
    ['a wrong chat or a person who left', how.refuse(400), '400'],
    ['a request that something in between refuses', how.html(413), 'http_413'],
  ])('%s: will not work', async (_what, trouble, platformCode) => {
    stage.sim.failCalls({ how: trouble })

    expect(await failure(stage.publisher(), card())).toMatchObject({
      code: 'rejected',
      platformCode,
      advice: { do: 'go_on' },
    })
  })

  it.each([
    ['a dead token', how.refuse(401), 'zalo_bot_401'],
    ['a dead token behind HTML', how.html(404), 'zalo_bot_http_404'],
    ['a method that was taken away', how.refuse(404), 'zalo_bot_404'],
  ])('%s: the account stops for a person', async (_what, trouble, reason) => {
    stage.sim.failCalls({ how: trouble })

    expect(await failure(stage.publisher(), card())).toMatchObject({
      code: 'not_sent',
      answered: false,
      advice: { do: 'stop', reason },
    })
  })

  it('too often: each pause is longer, at most eightfold, until a send succeeds', async () => {
    stage.sim.failCalls({ times: 6, how: how.refuse(429) })
    const publisher = stage.publisher()
    const pauses: number[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const error = await failure(publisher, card())
      expect(error).toMatchObject({ code: 'not_sent', advice: { do: 'wait', why: 'throttled' } })
      pauses.push((error as { advice: { untilMs: number } }).advice.untilMs - 1_000_000)
    }

    expect(pauses.map((ms) => ms / quickWaits.throttledMs)).toEqual([1, 2, 4, 8, 8, 8])
    await publisher.send(card())
    stage.sim.failCalls({ how: how.refuse(429) })
    expect(await failure(publisher, card())).toMatchObject({ advice: { untilMs: 1_000_000 + quickWaits.throttledMs } })
  })

  it('too often with a word on how long: exactly that long', async () => {
    stage.sim.failCalls({ how: how.refuse(429, { http: 429, headers: { 'retry-after': '7' } }) })

    expect(await failure(stage.publisher(), card())).toMatchObject({ advice: { untilMs: 1_007_000 } })
  })

  it('a platform that is not there was never reached', async () => {
    const publisher = stage.publisher()
    await stage.sim.stop()

    expect(await failure(publisher, card())).toMatchObject({
      code: 'not_sent',
      platformCode: 'ECONNREFUSED',
      answered: false,
      advice: { do: 'wait', untilMs: 1_000_000 + quickWaits.retryMinMs },
    })
  })

  it('a person who closed the chat cannot be written to, and nothing else stops for that', async () => {
    stage.sim.closeChat({ bot: stage.bot, person: stage.hoa })

    expect(await failure(stage.publisher(), card())).toMatchObject({ code: 'rejected', advice: { do: 'go_on' } })
  })
})

describe('the token', () => {
  const troubles = [
    how.refuse(401),
    how.refuse(429),
    how.html(502),
    how.resetBefore(),
    how.answer(302, '', { location: 'https://example.vn/' }),
    how.answer(200, '{'),
  ]

  it('is in no error, whatever goes wrong', async () => {
    const { token } = stage.access
    const [, secret = ''] = token.split(':')
    const shown: string[] = []
    for (const trouble of troubles) {
      stage.sim.failCalls({ how: trouble })
      shown.push(everything(await failure(stage.publisher(), card())))
    }
    stage.sim.failCalls({ how: how.hangBefore() })
    shown.push(everything(await failure(stage.publisher({ waits: { callTimeoutMs: 20 } }), card())))
    for (const access of [{ token: `${token} ` }, { simUrl: 'http://example.vn' }]) {
      shown.push(everything(await failure(stage.publisher({ access }), card())))
    }
    shown.push(everything(await getMe({ ...stage.access, token: 'khong-phai' }, 1_000).catch((error) => error)))

    expect(shown).toHaveLength(troubles.length + 4)
    for (const text of shown) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(`bot${stage.bot}`)
      expect(text).not.toContain('khong-phai')
    }
  })

  it('goes to the platform or to this machine, and follows no redirect', async () => {
    const elsewhere = await newBotStage()
    stage.sim.failCalls({
      how: how.answer(307, '', { location: `${elsewhere.sim.url}/bot${stage.access.token}/sendMessage` }),
    })

    await failure(stage.publisher(), card())

    expect(elsewhere.sim.log).toEqual([])
    await elsewhere.close()
    expect(await failure(stage.publisher({ access: { simUrl: 'https://example.vn' } }), card())).toMatchObject({
      code: 'refused',
    })
  })

  function everything(error: unknown): string {
    const stack = error instanceof Error ? error.stack : ''
    return `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${stack}`
  }
})
