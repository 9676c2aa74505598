import { expect, it } from 'vitest'
import { metricsRoute } from '../../src/http/health.ts'
import { createServer } from '../../src/http/server.ts'
import { createLog } from '../../src/lib/log.ts'

const render = async (): Promise<{ type: string; body: string }> => ({ type: 'text/plain', body: 'danhoi_cases 1\n' })

async function ask(
  token: string | null,
  request: { remoteAddress?: string; headers?: Record<string, string> },
): Promise<number> {
  const server = createServer(createLog('silent'), null)
  await server.register(async (scope) => metricsRoute(scope, { token, render }))
  const { statusCode } = await server.inject({ url: '/metrics', remoteAddress: '127.0.0.1', ...request })
  await server.close()
  return statusCode
}

it.each([
  ['this machine itself may read them', null, {}, 200],
  ['another machine may not', null, { remoteAddress: '192.0.2.1' }, 403],
  ['nor may the outside through a proxy of this machine', null, { headers: { 'x-forwarded-for': '192.0.2.1' } }, 403],
  [
    'the token opens them from anywhere',
    'a-long-metrics-token',
    { remoteAddress: '192.0.2.1', headers: { authorization: 'Bearer a-long-metrics-token' } },
    200,
  ],
  [
    'a wrong token opens nothing',
    'a-long-metrics-token',
    { headers: { authorization: 'Bearer another-token-altogether' } },
    403,
  ],
  ['where there is a token, this machine needs it too', 'a-long-metrics-token', {}, 403],
])('metrics: %s', async (_fact, token, request, status) => {
  expect(await ask(token, request)).toBe(status)
})
