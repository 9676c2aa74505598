import { describe, expect, it } from 'vitest'
import { readCredentials, writeCredentials } from '../../../bots/zalo-oa/credentials.ts'
import { callOa, NoAnswerError, type OaCall } from '../../../bots/zalo-oa/wire.ts'
import { how } from '../../../sim/zalo-oa/how.ts'
import { openOa } from './stage.ts'

const call: OaCall = { host: 'openapi.zalo.me', method: 'GET', path: '/v2.0/oa/conversation', headers: {} }

describe('what leaves this machine', () => {
  it.each(['//evil.example/v3.0', 'https://evil.example/', 'http://openapi.zalo.me/', '//openapi.zalo.me:8443/'])(
    '%s is refused before anybody is called',
    async (path) => {
      await expect(callOa({ simUrl: 'http://127.0.0.1:1', timeoutMs: 1_000 }, { ...call, path })).rejects.toThrow(
        'expected one of openapi.zalo.me, oauth.zaloapp.com',
      )
    },
  )

  it('a redirect is an answer, not an order', async () => {
    const { sim } = await openOa()
    sim.fail({ how: { effect: false, ends: 'answer', http: 302, headers: { location: 'http://127.0.0.1:1/' } } })

    expect(await callOa({ simUrl: sim.url, timeoutMs: 5_000 }, call)).toEqual({ http: 302, body: undefined })
  })

  it('silence ends with the time limit, and may have been heard', async () => {
    const { sim } = await openOa()
    sim.fail({ how: how.hangBefore() })

    const error = await callOa({ simUrl: sim.url, timeoutMs: 50 }, call).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(NoAnswerError)
    expect(error).toMatchObject({ wasReached: true })
    expect(error).not.toHaveProperty('cause')
  })

  it('a refused connection was not heard', async () => {
    const { sim } = await openOa()
    await sim.stop()

    const error = await callOa({ simUrl: sim.url, timeoutMs: 5_000 }, call).catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ wasReached: false })
  })
})

describe('the sealed tokens', () => {
  const credentials = {
    v: 1,
    accessToken: 'A',
    refreshToken: 'R',
    accessUntil: 1,
    webhookSecrets: ['oa-secret-key'],
  } as const

  it('are read as they were written', () => {
    const whole = { ...credentials, webhookSecrets: [...credentials.webhookSecrets] }

    expect(readCredentials(writeCredentials(whole))).toEqual(whole)
  })

  it.each([
    ['', 'made by "danhoi zalo-oa connect"'],
    ['{"v":1,"accessToken":"VERY-SECRET","webhookSecrets":["short"]}', 'refreshToken'],
  ])('%j is refused without being repeated', (text, told) => {
    expect(() => readCredentials(text)).toThrow(told)
    expect(() => readCredentials(text)).not.toThrow('VERY-SECRET')
  })
})
