import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { startZaloBotSim, type ZaloBotSimOptions } from '../../sim/zalo-bot/server.ts'
import type { ZaloBotSim } from '../../sim/zalo-bot/simulator.ts'

const toStop: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

export interface Received {
  readonly secret: string | null
  readonly raw: string
}

/** A product that keeps what the webhook brings and answers as `status` says. */
export async function startProduct(): Promise<{ url: string; received: Received[]; status: number }> {
  const product = { url: '', received: [] as Received[], status: 200 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const secret = request.headers['x-bot-api-secret-token']
    product.received.push({
      secret: typeof secret === 'string' ? secret : null,
      raw: Buffer.concat(chunks).toString('utf8'),
    })
    response.writeHead(product.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  product.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/zalo-bot/1`
  toStop.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return product
}

export interface BotStage {
  readonly sim: ZaloBotSim
  readonly bot: string
  readonly token: string
  readonly hoa: string
  readonly group: string
  /** One call of the API with the bot's token. */
  api(method: string, params?: object, token?: string): Promise<ApiAnswer>
}

interface ApiAnswer {
  readonly http: number
  readonly body: { ok?: boolean; result?: Record<string, unknown>; error_code?: number; description?: string }
}

/** A simulator with one bot, one person who has not written yet, and one group with both. */
export async function startBotStage(options: Partial<ZaloBotSimOptions> = {}): Promise<BotStage> {
  const sim = await startZaloBotSim({ allow: true, pollScale: 0.001, allowLoopbackWebhook: true, ...options })
  toStop.push(() => sim.stop())
  const { id: bot, token } = sim.addBot({ name: 'Bot Mặt trận xã' })
  const hoa = sim.addPerson({ id: 'hoa', name: 'Phan Thị Hoa' })
  const group = sim.addGroup({ id: 'can-bo', name: 'Cán bộ xã', members: [hoa], bots: [bot] }).id
  const api: BotStage['api'] = async (method, params = {}, as = token) => {
    const answer = await fetch(`${sim.url}/bot${as}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    })
    return { http: answer.status, body: (await answer.json()) as ApiAnswer['body'] }
  }
  return { sim, bot, token, hoa, group, api }
}
