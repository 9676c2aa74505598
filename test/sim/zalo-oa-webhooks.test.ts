import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { appId, oaId, secretKey, send, startProduct, startStage, startTown } from './zalo-oa-stage.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('the portal’s check', () => {
  it('an address that does not answer 200 is not saved', async () => {
    const product = await startProduct()
    product.status = () => 401
    const { sim } = await startStage()

    await expect(sim.setWebhook(product.url)).rejects.toThrow('answered 401; expected 200')
    sim.say({ oaId, person: 'lan', text: 'không ai nghe' })

    expect(sim.log.at(-1)).toMatchObject({ kind: 'lost', why: 'no_webhook' })
  })
})

describe('a delivery', () => {
  it('a text comes with the mac over its bytes, ids as text, the time in milliseconds', async () => {
    const { sim, product, clock } = await startTown()

    const id = sim.say({ oaId, person: 'lan', text: 'Đường hỏng 🙏' })
    await sim.idle()

    const { raw, headers } = product.received[1] ?? { raw: '', headers: {} }
    const timestamp = String(clock.now)
    expect(headers['x-zevent-signature']).toBe(`mac=${sha256(`${appId}${raw}${timestamp}${secretKey}`)}`)
    expect(headers.num_retry).toBeUndefined()
    expect(JSON.parse(raw)).toEqual({
      app_id: appId,
      user_id_by_app: expect.stringMatching(/^\d{18}$/u),
      sender: { id: sim.userIdOf(oaId, 'lan') },
      recipient: { id: oaId },
      event_name: 'user_send_text',
      message: { text: 'Đường hỏng 🙏', msg_id: id },
      timestamp,
    })
  })

  it('what people do comes under its own name', async () => {
    const { sim, product } = await startTown()

    sim.followOa({ oaId, person: 'lan' })
    const picture = { type: 'image', payload: { thumbnail: 'https://x.zdn.vn/t.jpg', url: 'https://x.zdn.vn/u.jpg' } }
    const msgId = sim.say({ oaId, person: 'lan', attachment: { ...picture, type: 'image' } })
    for (const what of ['received', 'seen', 'reacted', 'clicked'] as const) sim.notice({ msgId, what })
    sim.unfollowOa({ oaId, person: 'lan' })
    sim.withdraw({ oaId, person: 'lan' })
    await sim.idle()

    expect(product.events().map((event) => event.event_name)).toEqual([
      'follow',
      'user_send_image',
      'user_received_message',
      'user_seen_message',
      'user_reacted_message',
      'user_click_chatnow',
      'unfollow',
      'user_withdraw',
    ])
  })

  it('an own message comes back as an echo, with the admin’s id where a person typed it', async () => {
    const { sim, product, accessToken } = await startTown()
    sim.say({ oaId, person: 'lan', text: 'Alo' })

    await send(sim, accessToken, { text: 'Chào bà.' })
    sim.officerTypes({ oaId, person: 'lan', text: 'Tôi gõ tay.' })
    await sim.idle()

    const echoes = product.events().slice(1)
    expect(echoes).toMatchObject([
      { event_name: 'oa_send_text', sender: { id: oaId }, message: { text: 'Chào bà.' } },
      { event_name: 'oa_send_text', sender: { id: oaId, admin_id: '99' }, message: { text: 'Tôi gõ tay.' } },
    ])
    expect(echoes[0]).not.toHaveProperty('sender.admin_id')
  })

  it('what is not answered with 200 comes again, unchanged but for num_retry', async () => {
    const { sim, product } = await startTown({ retryScale: 0 })
    product.status = (attempt) => (attempt <= 3 ? 500 : 200)

    sim.say({ oaId, person: 'lan', text: 'Alo' })
    await sim.idle()

    const deliveries = product.received.slice(1)
    expect(deliveries.map(({ headers }) => headers.num_retry)).toEqual([undefined, '1', '2'])
    expect(new Set(deliveries.map(({ raw }) => raw)).size).toBe(1)
  })

  it('silence beyond the limit counts as no answer', async () => {
    const { sim, product } = await startTown({ retryScale: 0, webhookTimeoutMs: 50 })
    product.status = (attempt) => (attempt === 2 ? 0 : 200)

    sim.say({ oaId, person: 'lan', text: 'Alo' })
    await sim.idle()

    const statuses = sim.log.flatMap((entry) => (entry.kind === 'delivery' ? [entry.status] : []))
    expect(statuses).toEqual([0, 200])
  })

  it('after the last attempt the webhook is disabled until a person switches it on; what came meanwhile is lost', async () => {
    const { sim, product } = await startTown({ retryScale: 0 })
    product.status = () => 500

    sim.say({ oaId, person: 'lan', text: 'một' })
    await until(() => sim.isWebhookDisabled, { what: 'the webhook being disabled' })
    sim.say({ oaId, person: 'lan', text: 'hai' })
    product.status = () => 200
    sim.enableWebhook()
    sim.say({ oaId, person: 'lan', text: 'ba' })
    await sim.idle()

    expect(product.events().map(({ message }) => message?.text)).toEqual([...Array(6).fill('một'), 'ba'])
    expect(sim.log.filter((entry) => entry.kind === 'lost')).toMatchObject([{ why: 'disabled' }, { why: 'disabled' }])
  })

  it('deliveries can be doubled, lost, overtaken, forged and stale', async () => {
    const { sim, product, clock } = await startTown()
    for (const what of ['duplicate', 'lose', 'later', 'wrong_mac', 'no_prefix', 'stale', 'no_mac'] as const)
      sim.spoil({ do: what })

    for (const text of ['twice', 'lost', 'overtaken', 'forged', 'bare', 'stale', 'unsigned', 'fine'])
      sim.say({ oaId, person: 'lan', text })
    await sim.idle()

    const came = product.received.slice(1).map(({ raw, headers }) => {
      const { timestamp, message } = JSON.parse(raw)
      const right = sha256(`${appId}${raw}${timestamp}${secretKey}`)
      const given = String(headers['x-zevent-signature'])
      const signature = given === `mac=${right}` ? 'signed' : given === right ? 'bare' : 'wrong'
      return `${message.text}: ${signature}${Number(timestamp) === clock.now ? '' : ', old'}`
    })
    expect(came).toEqual([
      'twice: signed',
      'twice: signed',
      'forged: wrong',
      'overtaken: signed',
      'bare: bare',
      'stale: signed, old',
      'unsigned: wrong',
      'fine: signed',
    ])
  })

  it('the time can stand in the header instead, and the prefix can be missing throughout', async () => {
    const { sim, product, clock } = await startTown()
    sim.weather({ timestampIn: 'header', macPrefix: false })

    sim.say({ oaId, person: 'lan', text: 'Alo' })
    await sim.idle()

    const { raw, headers } = product.received[1] ?? { raw: '', headers: {} }
    expect(JSON.parse(raw)).not.toHaveProperty('timestamp')
    expect(headers['x-zevent-timestamp']).toBe(String(clock.now))
    expect(headers['x-zevent-signature']).toBe(sha256(`${appId}${raw}${clock.now}${secretKey}`))
  })

  it('held events can be let go in reverse', async () => {
    const { sim, product } = await startTown()
    sim.pauseWebhooks()
    for (const text of ['một', 'hai', 'ba']) sim.say({ oaId, person: 'lan', text })

    sim.releaseWebhooks('reversed')
    await sim.idle()

    expect(product.events().map(({ message }) => message?.text)).toEqual(['ba', 'hai', 'một'])
  })
})
