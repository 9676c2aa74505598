import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { readAll } from '../../sim/facebook/post-bytes.ts'
import { type FacebookSimOptions, startFacebookSim } from '../../sim/facebook/server.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'

export const pageId = '100000000000101'
export const pageToken = 'PAGE_TOKEN_101'
export const appId = '3300000000000001'
export const appSecret = '0123456789abcdef0123456789abcdef'
export const resident = { id: '24000000000000001', name: 'Nguyễn Văn Giả' }

export type Received = { headers: NodeJS.Dict<string | string[]>; raw: string; body: unknown }
export type Product = { url: string; received: Received[]; status: (attempt: number) => number; stop(): Promise<void> }

const toStop: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

/** A product that keeps what the webhook brings and answers as `status` says. */
export async function startProduct(verifyToken = 'VERIFY'): Promise<Product> {
  const received: Received[] = []
  const product: Product = { url: '', received, status: () => 200, stop: async () => {} }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://product.invalid')
    if (request.method === 'GET') {
      const right = url.searchParams.get('hub.verify_token') === verifyToken
      response.writeHead(right ? 200 : 403).end(right ? url.searchParams.get('hub.challenge') : 'no')
      return
    }
    const raw = await readAll(request)
    received.push({ headers: request.headers, raw, body: JSON.parse(raw) })
    response.writeHead(product.status(received.length)).end()
  })
  product.url = `${await listen(server)}/webhooks/facebook`
  product.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  toStop.push(product.stop)
  return product
}

/** A simulator with one Page on it. */
export async function startStage(options: Partial<FacebookSimOptions> = {}): Promise<FacebookSim> {
  const sim = await startFacebookSim({ allow: true, appId, appSecret, verifyToken: 'VERIFY', ...options })
  toStop.push(() => sim.stop())
  sim.addPage({ id: pageId, name: 'Mặt trận xã Giả Định', token: pageToken })
  return sim
}

/** A simulator whose Page has a post and whose webhooks reach a product. */
export async function startTown(
  options: Partial<FacebookSimOptions> = {},
): Promise<{ sim: FacebookSim; product: Product; postId: string }> {
  const product = await startProduct()
  const sim = await startStage(options)
  const postId = sim.addPost(pageId, { text: 'Hôm nay xã tiếp dân' })
  await sim.setWebhook({ url: product.url })
  return { sim, product, postId }
}

export type GraphAnswer = { http: number; body: Record<string, unknown>; text: string; headers: Headers }

/** One Graph call with the Page's token in the header. */
export async function graph(
  sim: { url: string },
  method: string,
  path: string,
  params?: Record<string, unknown>,
  token = pageToken,
): Promise<GraphAnswer> {
  const response = await fetch(`${sim.url}/v24.0/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(params ? { 'content-type': 'application/json' } : {}) },
    ...(params ? { body: JSON.stringify(params) } : {}),
  })
  const text = await response.text()
  return { http: response.status, text, headers: response.headers, body: parsed(text) }
}

/** The one change or messaging item of a delivery. */
export function onlyUpdate(received: Received | undefined): Record<string, unknown> {
  const body = received?.body as { entry: { changes?: { value: object }[]; messaging?: object[] }[] }
  const entry = body.entry[0]
  return { ...(entry?.changes?.[0]?.value ?? entry?.messaging?.[0]) }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>
  } catch {
    return {}
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
