import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { newTrace, traced } from '../../../bots/zalo/call-trace.ts'
import { explain, explainLogin, zaloCodes } from '../../../bots/zalo/errors.ts'
import { zaloFetch } from '../../../bots/zalo/fetch.ts'
import { sealedLoginCode } from '../../../bots/zalo/login-code.ts'
import { socketAgent } from '../../../bots/zalo/socket-agent.ts'

let server: Server | null = null
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const address = started.address()
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
}

const options = { callTimeoutMs: 20_000, onCookies: (): void => {} }

describe('our fetch', () => {
  it.each([
    'https://packages.example.org/zca-js',
    'https://zalo.me.evil.vn/',
    'http://chat.zalo.me/',
    'https://127.0.0.1/',
  ])('refuses %s, simulated or not', async (address) => {
    await expect(zaloFetch({ ...options, simUrl: null })(address)).rejects.toThrow('expected an address of zalo.me')
    await expect(zaloFetch({ ...options, simUrl: 'http://127.0.0.1:1' })(address)).rejects.toThrow('zalo.me')
  })

  it('brings every host of Zalo to the simulator and asks only for encodings it can read', async () => {
    let seen: IncomingHttpHeaders = {}
    const simUrl = await serve((request, response) => {
      seen = request.headers
      response.end('{}')
    })

    await zaloFetch({ ...options, simUrl })('https://tt-group-wpa.chat.zalo.me/api?x=1', {
      headers: { 'Accept-Encoding': 'gzip, deflate, br, zstd' },
    })

    expect(seen).toMatchObject({ 'x-sim-host': 'tt-group-wpa.chat.zalo.me', 'accept-encoding': 'gzip, deflate, br' })
  })

  it('keeps every cookie, tells of them, and gives those without a domain the host they came from', async () => {
    const simUrl = await serve((_request, response) => {
      response.setHeader('set-cookie', ['a=1; Domain=zalo.me; Expires=Wed, 18 Mar 2026 00:00:00 GMT', 'b=2; Path=/'])
      response.end('{}')
    })
    let told = 0

    const answer = await zaloFetch({ ...options, simUrl, onCookies: () => (told += 1) })('https://chat.zalo.me/')

    expect(answer.headers.getSetCookie()).toEqual([
      'a=1; Domain=zalo.me; Expires=Wed, 18 Mar 2026 00:00:00 GMT',
      'b=2; Path=/; Domain=chat.zalo.me',
    ])
    expect(told).toBe(1)
  })

  it('does not follow a redirect by itself, so that the next host is looked at too', async () => {
    const simUrl = await serve((_request, response) => {
      response.writeHead(302, { location: 'https://evil.vn/' }).end()
    })

    const answer = await zaloFetch({ ...options, simUrl })('https://id.zalo.me/')

    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://evil.vn/'])
  })

  it.each<[string, RequestListener]>([
    ['before it answers', () => {}],
    ['in the middle of its body', (_request, response) => void response.writeHead(200).write('{"error_')],
  ])('a server that stops %s is given up, and may have done what was asked', async (_when, listener) => {
    const simUrl = await serve(listener)
    const trace = newTrace()

    const call = traced(trace, () => zaloFetch({ ...options, simUrl, callTimeoutMs: 300 })('https://chat.zalo.me/'))

    await expect(call).rejects.toThrow()
    expect(trace.failure).toEqual({ reached: true, code: 'TimeoutError' })
    expect(explain(trace, null)).toMatchObject({ outcome: 'unknown', answered: false })
  })

  it('a code outside the seal is written down although the library forgets it', async () => {
    const simUrl = await serve((_request, response) => void response.end('{"error_code":600,"data":null}'))
    const trace = newTrace()

    await traced(trace, () => zaloFetch({ ...options, simUrl })('https://wpa.chat.zalo.me/api/login/getServerInfo'))

    expect(trace.answers).toEqual([{ path: '/api/login/getServerInfo', status: 200, code: 600 }])
    expect(explainLogin(trace, new Error('Đăng nhập thất bại'))).toEqual({ why: 'dead', code: '600' })
  })

  it('calls at the same time write into their own traces', async () => {
    const simUrl = await serve((request, response) => {
      response.end(JSON.stringify({ error_code: Number(request.url?.slice(1)) }))
    })
    const call = zaloFetch({ ...options, simUrl })

    const codes = await Promise.all(
      [1, 2, 3, 4].map(async (code) => {
        const trace = newTrace()
        await traced(trace, () => call(`https://chat.zalo.me/${code}`))
        return trace.answers.map((answer) => answer.code)
      }),
    )

    expect(codes).toEqual([[1], [2], [3], [4]])
  })
})

describe('the code of a login', () => {
  const query = new URLSearchParams({
    zcid: 'F53868CF7E3205A2F5D8B43B44B1E8855FE89469D943DBE137F558F91FF2DF26',
    zcid_ext: 'a1b2c3d4',
  })

  it('is read inside the seal', () => {
    const sealed = '98hwWdb0g1QYgWnWv08X/0tcWil1PQJDryxj8kQuiS1mHAVsRckNzwbIUgtgJnR8'

    expect(sealedLoginCode(query, sealed)).toBe(0)
    expect(sealedLoginCode(query, encodeURIComponent(sealed))).toBe(0)
  })

  it.each([null, 7, '', 'AAAA', 'no base64 %'])('is none in %j', (sealed) => {
    expect(sealedLoginCode(query, sealed)).toBe(null)
  })

  it.each([
    ['a locked account', [{ path: '', status: 200, code: 130 }], { why: 'refused', code: '130' }],
    ['a bad gateway', [{ path: '', status: 502, code: null }], { why: 'failed', code: 'http_502' }],
    ['an answer that cannot be read', [{ path: '', status: 200, code: null }], { why: 'failed', code: 'TypeError' }],
    ['no call at all', [], { why: 'failed', code: 'TypeError' }],
  ])('%s is no dead session', (_what, answers, expected) => {
    expect(explainLogin({ ...newTrace(), answers }, new TypeError('x'))).toEqual(expected)
  })
})

describe('the meaning of errors', () => {
  it('has one row for each known code', () => {
    expect([...zaloCodes].map(([code, { outcome, consequence }]) => [code, outcome, consequence])).toEqual([
      [600, 'not_sent', 'relogin'],
      [102, 'not_sent', 'relogin'],
      [114, 'rejected', 'go_on'],
      [122, 'rejected', 'go_on'],
      [123, 'rejected', 'throttled'],
      [221, 'not_sent', 'quota'],
      [-69, 'not_sent', 'throttled'],
      [166, 'rejected', 'go_on'],
      [216, 'rejected', 'go_on'],
      [215, 'rejected', 'go_on'],
      [222, 'rejected', 'go_on'],
      [225, 'rejected', 'go_on'],
    ])
  })

  it.each([
    ['nothing was asked', [], null, 'rejected', 'not_sendable'],
    ['a code inside the seal', [{ path: '', status: 200, code: 0 }], 114, 'rejected', '114'],
    ['a code outside the seal', [{ path: '', status: 200, code: 600 }], 600, 'not_sent', '600'],
    ['an answer without any code', [{ path: '', status: 200, code: null }], null, 'unknown', 'null'],
    ['an unknown code', [{ path: '', status: 200, code: 0 }], -1, 'unknown', '-1'],
    ['a removed address', [{ path: '', status: 404, code: 404 }], null, 'not_sent', 'http_404'],
    ['a redirect', [{ path: '', status: 302, code: null }], null, 'unknown', 'http_302'],
  ])('%s', (_what, answers, code, outcome, named) => {
    expect(explain({ ...newTrace(), answers }, code)).toMatchObject({ outcome, code: named })
  })
})

describe('the agent of the socket', () => {
  it.each([
    [null, { host: 'evil.vn', port: 443 }],
    ['http://127.0.0.1:4000', { host: '127.0.0.1', port: 4001 }],
    ['http://127.0.0.1:4000', { host: 'ws2-msg.chat.zalo.me', port: 443 }],
  ])('with %s refuses %j', (simUrl, where) => {
    expect(() => socketAgent(simUrl).agent.createConnection(where, () => {})).toThrow('expected a socket to Zalo')
  })
})
