import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { readBody } from '../../sim/kit/body.ts'
import { startZaloOaSim, type ZaloOaSimOptions } from '../../sim/zalo-oa/server.ts'
import type { ZaloOaSim } from '../../sim/zalo-oa/simulator.ts'

export const appId = '360846524940903967'
export const appSecret = 'simulated-app-secret'
export const secretKey = 'oa-secret-key-for-tests'
export const oaId = '388613280878808645'
const hour = 3_600_000
export const hours = (count: number): number => count * hour

interface Received {
  readonly headers: NodeJS.Dict<string | string[]>
  readonly raw: string
}
export interface Product {
  readonly url: string
  readonly received: Received[]
  /** The events, without the portal's check. */
  events(): { event_name: string; message?: { text?: string; msg_id?: string } }[]
  status: (attempt: number) => number
}

export interface Stage {
  readonly sim: ZaloOaSim
  readonly accessToken: string
  readonly refreshToken: string
  /** Where the simulator believes time to be. */
  readonly clock: { now: number }
}

const toStop: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

/** A product that keeps what the webhook brings and answers as `status` says; 0 is silence. */
export async function startProduct(): Promise<Product> {
  const received: Received[] = []
  const product = {
    url: '',
    received,
    events: () => received.slice(1).map(({ raw }) => JSON.parse(raw)),
    status: (_attempt: number) => 200,
  }
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, raw: (await readBody(request)).toString('utf8') })
    const status = product.status(received.length)
    if (status !== 0) response.writeHead(status).end()
  })
  product.url = `${await listen(server)}/webhooks/zalo-oa/${oaId}`
  toStop.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return product
}

/** A simulator with one OA and one resident, Lan, on it. */
export async function startStage(options: Partial<ZaloOaSimOptions> = {}): Promise<Stage> {
  const clock = { now: 1_793_000_000_000 }
  const sim = await startZaloOaSim({ allow: true, appId, appSecret, now: () => clock.now, ...options })
  toStop.push(() => sim.stop())
  const pair = sim.addOa({ id: oaId, name: 'Mặt trận xã Giả Định', secretKey })
  sim.addPerson({ id: 'lan', name: 'Nguyễn Thị Lan' })
  return { sim, ...pair, clock }
}

/** A simulator whose events reach a product. */
export async function startTown(
  options: Partial<ZaloOaSimOptions> = {},
): Promise<Stage & { readonly product: Product }> {
  const product = await startProduct()
  const stage = await startStage(options)
  await stage.sim.setWebhook(product.url)
  return { ...stage, product }
}

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** One call of the product's, as its adapter makes it. */
export async function call(
  sim: ZaloOaSim,
  path: string,
  init: RequestInit & { host?: string; token?: string } = {},
): Promise<Answer> {
  const { host = 'openapi.zalo.me', token, ...rest } = init
  const headers = new Headers(rest.headers)
  headers.set('x-sim-host', host)
  if (token !== undefined) headers.set('access_token', token)
  const response = await fetch(`${sim.url}${path}`, { ...rest, headers })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } }
}

export function send(sim: ZaloOaSim, token: string, message: object, userId = sim.userIdOf(oaId, 'lan')) {
  const body = JSON.stringify({ recipient: { user_id: userId }, message })
  return call(sim, '/v3.0/oa/message/cs', {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/json' },
    body,
  })
}

export function refresh(sim: ZaloOaSim, refreshToken: string, secret = appSecret): Promise<Answer> {
  return call(sim, '/v4/oa/access_token', {
    method: 'POST',
    host: 'oauth.zaloapp.com',
    headers: { secret_key: secret },
    body: new URLSearchParams({ app_id: appId, grant_type: 'refresh_token', refresh_token: refreshToken }),
  })
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
