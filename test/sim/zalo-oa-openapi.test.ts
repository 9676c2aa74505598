import { describe, expect, it } from 'vitest'
import { how } from '../../sim/zalo-oa/how.ts'
import { startZaloOaSim } from '../../sim/zalo-oa/server.ts'
import { appId, appSecret, call, hours, oaId, refresh, send, startStage } from './zalo-oa-stage.ts'

const cs = /message\/cs$/u

describe('the start', () => {
  it('without SIMULATORS=allow, or on an address others can reach, nothing starts', async () => {
    await expect(startZaloOaSim({ allow: false, appId, appSecret })).rejects.toThrow('SIMULATORS=allow')
    await expect(startZaloOaSim({ allow: true, host: '0.0.0.0', appId, appSecret })).rejects.toThrow('loopback')
  })
})

describe('a consultation message', () => {
  it('stands in the chat, quoting, and the answer tells the quota', async () => {
    const { sim, accessToken } = await startStage()
    const asked = sim.say({ oaId, person: 'lan', text: 'Cho hỏi giờ tiếp dân?' })

    const { status, body } = await send(sim, accessToken, { text: 'Sáng thứ Hai.', quote_message_id: asked })

    const [, answer] = sim.conversation(oaId, 'lan')
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        error: 0,
        message: 'Success',
        data: {
          message_id: answer?.msgId,
          user_id: sim.userIdOf(oaId, 'lan'),
          quota: expect.objectContaining({ quota_type: 'reply', owner_id: oaId }),
        },
      },
    })
    expect(answer).toMatchObject({ fromOa: true, text: 'Sáng thứ Hai.', quoteMsgId: asked })
    expect(sim.log.filter(({ kind }) => kind === 'posted')).toHaveLength(1)
  })

  it('the same call twice is two messages', async () => {
    const { sim, accessToken } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })

    await send(sim, accessToken, { text: 'Chào bà.' })
    await send(sim, accessToken, { text: 'Chào bà.' })

    expect(sim.log.filter(({ kind }) => kind === 'posted')).toHaveLength(2)
  })

  it.each([
    ['to somebody who never did anything', -232, 0, null],
    ['within 48 hours: free', 0, 47, null],
    ['after 48 hours without a Zalo Cloud Account', -320, 49, null],
    ['after 48 hours with an empty one', -321, 49, 0],
    ['after 48 hours with money on it', 0, 49, 5],
    ['after seven days', -230, 7 * 24 + 1, 5],
  ])('%s: %i', async (_name, code, age, balance) => {
    const { sim } = await startStage()
    const { accessToken } = sim.addOa({ id: oaId, name: 'Mặt trận', secretKey: 'x', balance })
    const userId = sim.userIdOf(oaId, 'lan')
    if (age > 0) sim.followOa({ oaId, person: 'lan' })
    if (age > 0) sim.age({ oaId, person: 'lan', ms: hours(age) })

    const { body } = await send(sim, accessToken, { text: 'Chào bà.' }, userId)

    expect(body.error).toBe(code)
    expect(sim.conversation(oaId, 'lan')).toHaveLength(code === 0 ? 1 : 0)
  })

  it.each([
    ['nothing', {}, -201],
    ['2,001 characters', { text: 'a'.repeat(2_001) }, -210],
    ['a quote of what is not in this chat', { text: 'a', quote_message_id: 'elsewhere' }, -201],
    ['a picture that nobody uploaded', { text: 'a', attachment: media('nowhere') }, -201],
  ])('%s is refused', async (_name, message, code) => {
    const { sim, accessToken } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })

    expect((await send(sim, accessToken, message)).body.error).toBe(code)
  })

  it('a limit of free replies holds until the person acts again', async () => {
    const { sim, accessToken } = await startStage({ settings: { replyLimit: 1 } })
    sim.say({ oaId, person: 'lan', text: 'Alo' })

    const first = await send(sim, accessToken, { text: 'Một' })
    const second = await send(sim, accessToken, { text: 'Hai' })
    sim.say({ oaId, person: 'lan', text: 'Alo?' })
    const third = await send(sim, accessToken, { text: 'Ba' })

    expect([first, second, third].map(({ body }) => body.error)).toEqual([0, -211, 0])
  })

  it('an uploaded picture can be shown', async () => {
    const { sim, accessToken } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })
    const form = new FormData()
    form.set('file', new File([Buffer.alloc(64)], 'ban-do.png', { type: 'image/png' }))

    const upload = await call(sim, '/v2.0/oa/upload/image', { method: 'POST', token: accessToken, body: form })
    const { attachment_id: id } = upload.body.data as { attachment_id: string }
    const { body } = await send(sim, accessToken, { text: 'Bản đồ', attachment: media(id) })

    expect(body.error).toBe(0)
    expect(sim.conversation(oaId, 'lan').at(-1)?.attachments[0]?.type).toBe('image')
  })

  it('a call to the wrong one of the two hosts is not served', async () => {
    const { sim, accessToken } = await startStage()

    const { body } = await call(sim, '/v3.0/oa/message/cs', {
      method: 'POST',
      host: 'evil.invalid',
      token: accessToken,
    })

    expect(body.error).toBe(-209)
  })
})

describe('reading back', () => {
  it('the newest messages come first, ten at most', async () => {
    const { sim, accessToken: token } = await startStage()
    for (let number = 1; number <= 12; number += 1) sim.say({ oaId, person: 'lan', text: String(number) })
    const asked = (count: number): string =>
      `/v2.0/oa/conversation?data=${encodeURIComponent(
        JSON.stringify({ user_id: sim.userIdOf(oaId, 'lan'), offset: 0, count }),
      )}`

    const { body } = await call(sim, asked(10), { token })
    const tooMany = await call(sim, asked(11), { token })

    const items = body.data as { message: string; src: number }[]
    expect(items.map(({ message }) => message)).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3'])
    expect(items[0]?.src).toBe(1)
    expect(tooMany.body.error).toBe(-201)
  })
})

describe('tokens', () => {
  it('a refresh token is good once; the pair it replaces is dead', async () => {
    const { sim, accessToken, refreshToken } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })

    const first = await refresh(sim, refreshToken)
    const again = await refresh(sim, refreshToken)
    const old = await send(sim, accessToken, { text: 'cũ' })
    const fresh = await send(sim, String(first.body.access_token), { text: 'mới' })

    expect(first.body).toMatchObject({ expires_in: '90000' })
    expect([again, old, fresh].map(({ body }) => body.error)).toEqual([-14020, -216, 0])
  })

  it('an access token ends after 25 hours, a refresh token after three months', async () => {
    const { sim, accessToken, refreshToken, clock } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })

    clock.now += hours(25)
    const late = await send(sim, accessToken, { text: 'muộn' })
    clock.now += hours(90 * 24)
    const muchLater = await refresh(sim, refreshToken)

    expect([late, muchLater].map(({ body }) => body.error)).toEqual([-220, -14020])
  })

  it('the app has to prove itself', async () => {
    const { sim, refreshToken } = await startStage()

    expect((await refresh(sim, refreshToken, 'wrong')).body.error).toBe(-14004)
    expect((await refresh(sim, refreshToken)).body.access_token).toBeTypeOf('string')
  })

  it('a lost answer has spent the refresh token all the same; a new consent mends it', async () => {
    const { sim, refreshToken } = await startStage()
    sim.fail({ match: { path: /access_token$/u }, how: how.doneThenReset() })

    await expect(refresh(sim, refreshToken)).rejects.toThrow()
    const again = await refresh(sim, refreshToken)
    const code = sim.consent(oaId)
    const form = { app_id: appId, grant_type: 'authorization_code', code }
    const byCode = (): ReturnType<typeof call> =>
      call(sim, '/v4/oa/access_token', {
        method: 'POST',
        host: 'oauth.zaloapp.com',
        headers: { secret_key: appSecret },
        body: new URLSearchParams(form),
      })
    const consented = await byCode()
    const twice = await byCode()

    expect(again.body.error).toBe(-14020)
    expect(consented.body.access_token).toBeTypeOf('string')
    expect(twice.body.error).toBe(-14019)
  })
})

describe('faults', () => {
  it.each([
    ['a reset before', how.resetBefore(), 0],
    ['a reset after the message was made', how.doneThenReset(), 1],
  ])('%s leaves the caller without an answer', async (_name, trouble, posted) => {
    const { sim, accessToken } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })
    sim.fail({ match: { path: cs }, how: trouble })

    await expect(send(sim, accessToken, { text: 'Chào bà.' })).rejects.toThrow()

    expect(sim.log.filter(({ kind }) => kind === 'posted')).toHaveLength(posted)
    expect(sim.log.findLast(({ kind }) => kind === 'call')).toMatchObject({ status: 0, code: null })
  })

  it.each([
    [how.refuse(-216), { status: 200, error: -216, posted: 0 }],
    [how.refuse(-32), { status: 200, error: -32, posted: 0 }],
    [how.doneThenHtml(), { status: 502, error: undefined, posted: 1 }],
    [how.html(), { status: 200, error: undefined, posted: 0 }],
    [how.answer(503, ''), { status: 503, error: undefined, posted: 0 }],
    [how.okWithoutId(), { status: 200, error: 0, posted: 1 }],
  ])('$name is answered so', async (trouble, expected) => {
    const { sim, accessToken } = await startStage()
    sim.say({ oaId, person: 'lan', text: 'Alo' })
    sim.fail({ match: { text: /bà/u }, how: trouble })

    const { status, body } = await send(sim, accessToken, { text: 'Chào bà.' })

    const posted = sim.log.filter(({ kind }) => kind === 'posted').length
    expect({ status, error: body.error, posted }).toEqual(expected)
  })
})

function media(id: string): object {
  const elements = [{ media_type: 'image', attachment_id: id }]
  return { type: 'template', payload: { template_type: 'media', elements } }
}
