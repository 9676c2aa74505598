import { afterAll, describe, expect, it } from 'vitest'
import { healthRoutes, metricsRoute, type Readiness } from '../../src/http/health.ts'
import { createServer } from '../../src/http/server.ts'
import { InvalidInputError, RefusedError } from '../../src/lib/errors.ts'
import { createLog } from '../../src/lib/log.ts'
import { SealBrokenError } from '../../src/lib/secrets.ts'

const lines: string[] = []
const server = createServer(createLog('trace', { write: (line) => void lines.push(line) }), null)
let readiness: Readiness = { isReady: true, parts: { database: 'ok' } }
let toThrow: unknown = null
await server.register(async (scope) => {
  await healthRoutes(scope, async () => readiness)
  scope.get('/throws/:id', async () => {
    throw toThrow
  })
})
afterAll(() => server.close())

const words = 'Nguyễn Thị Lan 0912345678'

async function thrown(error: unknown) {
  lines.length = 0
  toThrow = error
  const { statusCode, headers, body } = await server.inject({ url: '/throws/7?token=secret-word' })
  return { statusCode, type: headers['content-type']?.split(';')[0], body: JSON.parse(body), log: lines.join('') }
}

describe('an error', () => {
  it.each<[string, unknown, number, object]>([
    [
      'what somebody handed in is wrong: 400 with the sentence',
      new InvalidInputError('expected a unit code'),
      400,
      { title: 'invalid_input', detail: 'expected a unit code' },
    ],
    [
      'refused for a reason: 409 with the reason',
      new RefusedError('in use'),
      409,
      { title: 'refused', detail: 'in use' },
    ],
    [
      'another of ours: 500 without a word',
      new SealBrokenError('a sealed account/1 cannot be opened'),
      500,
      { title: 'seal_broken' },
    ],
    ['a foreign one: 500 without a word', new Error(words), 500, { title: 'Error' }],
    [
      'a database’s: 500 with its code alone',
      Object.assign(new Error(words), { code: '57P01' }),
      500,
      { title: '57P01' },
    ],
    ['one with a status of its own', Object.assign(new Error(words), { statusCode: 413 }), 413, { title: 'Error' }],
    ['one with a status that is none', Object.assign(new Error(words), { statusCode: 200 }), 500, { title: 'Error' }],
  ])('%s', async (_what, error, status, fields) => {
    const answer = await thrown(error)

    expect(answer).toMatchObject({ statusCode: status, type: 'application/problem+json' })
    expect(answer.body).toEqual({ type: 'about:blank', status, ...fields })
    expect(answer.log).not.toContain(words)
  })

  it('is logged with its route, never with its address', async () => {
    const { log } = await thrown(new Error(words))

    expect(JSON.parse(log)).toMatchObject({
      level: 'error',
      method: 'GET',
      route: '/throws/:id',
      status: 500,
      part: 'http',
    })
    expect(log).not.toContain('secret-word')
  })

  it('of the caller’s is no error of ours', async () => {
    const { log } = await thrown(new InvalidInputError('expected a unit code'))

    expect(JSON.parse(log)).toMatchObject({ level: 'info', msg: 'request refused' })
  })
})

describe('an address that is not there', () => {
  it('is a problem of its own, and is not repeated', async () => {
    const { statusCode, headers, body } = await server.inject({ url: '/nowhere?token=secret-word' })

    expect({ statusCode, type: headers['content-type']?.split(';')[0], body: JSON.parse(body) }).toEqual({
      statusCode: 404,
      type: 'application/problem+json',
      body: { type: 'about:blank', status: 404, title: 'not_found' },
    })
  })
})

describe('health', () => {
  it('alive is alive, whatever else is wrong', async () => {
    readiness = { isReady: false, parts: { database: 'ECONNREFUSED' } }

    const { statusCode, body } = await server.inject({ url: '/health/live' })

    expect({ statusCode, body }).toEqual({ statusCode: 200, body: '{"status":"ok"}' })
  })

  it.each([
    ['ready', { isReady: true, parts: { database: 'ok' } }, 200, 'ready'],
    ['not ready, and why', { isReady: false, parts: { database: '57P03' } }, 503, 'not_ready'],
  ])('%s', async (_what, now, status, word) => {
    readiness = now

    const answer = await server.inject({ url: '/health/ready' })

    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toEqual({ status: word, parts: now.parts })
  })

  it('is not logged: it is asked every few seconds', async () => {
    lines.length = 0

    await server.inject({ url: '/health/live' })
    await server.inject({ url: '/health/ready' })

    expect(lines).toEqual([])
  })
})

it('metrics are sent as the type they have', async () => {
  const alone = createServer(createLog('silent'), null)
  await alone.register(async (scope) =>
    metricsRoute(scope, { token: null, render: async () => ({ type: 'text/plain; version=0.0.4', body: 'x 1\n' }) }),
  )

  const { headers, body } = await alone.inject({ url: '/metrics', remoteAddress: '::1' })
  await alone.close()

  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(body).toBe('x 1\n')
})

describe('behind a proxy', () => {
  const addressSeen = async (trustProxy: string | null): Promise<string> => {
    const behind = createServer(createLog('silent'), trustProxy)
    behind.get('/ip', async (request) => request.ip)
    const { body } = await behind.inject({
      url: '/ip',
      remoteAddress: '10.0.0.1',
      headers: { 'x-forwarded-for': '192.0.2.7' },
    })
    await behind.close()
    return body
  }

  it.each([
    ['without TRUST_PROXY nobody can say who they are', null, '10.0.0.1'],
    ['a trusted proxy says who came', '10.0.0.1', '192.0.2.7'],
    ['another one does not', '10.0.0.2', '10.0.0.1'],
  ])('%s', async (_fact, trustProxy, seen) => {
    expect(await addressSeen(trustProxy)).toBe(seen)
  })
})
