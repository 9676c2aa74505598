import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { handleControl } from './control.ts'
import type { Core } from './core.ts'
import { createFaults } from './faults.ts'
import { handleBotApi } from './handle.ts'
import { createJournal } from './journal.ts'
import { UpdateLine } from './line.ts'
import { simulatorOver, type ZaloBotSim } from './simulator.ts'
import { emptyWorld, SimulatorError } from './world.ts'

export type ZaloBotSimOptions = {
  /** The caller has read SIMULATORS=allow; without it nothing starts. */
  allow: boolean
  port?: number
  /** Loopback only. */
  host?: string
  /** Milliseconds since 1970. */
  now?: () => number
  /** Pass a seeded one to make a run repeatable. */
  random?: () => number
  /** Factor on the seconds that getUpdates is asked to wait. */
  pollScale?: number
  /** Takes webhooks on this machine; the platform itself wants public https. */
  allowLoopbackWebhook?: boolean
  webhookTimeoutMs?: number
  /** Webhooks not answered with 2xx are sent again so often. Not documented, so 0. */
  redeliveries?: number
  redeliverAfterMs?: number
  /** How long a reordered update waits for the next one. */
  holdMs?: number
}

const loopback = ['127.0.0.1', '::1', 'localhost']

/** Starts a local Zalo Bot Platform on a loopback port (0 or none: a free one). */
export async function startZaloBotSim(options: ZaloBotSimOptions): Promise<ZaloBotSim> {
  const host = options.host ?? '127.0.0.1'
  if (options.allow !== true)
    throw new SimulatorError(
      'not_allowed',
      'the Zalo Bot simulator starts only where the configuration says SIMULATORS=allow',
    )
  if (!loopback.includes(host))
    throw new SimulatorError('not_loopback', `the Zalo Bot simulator listens on loopback only, not on ${host}`)
  const core = createCore(options)
  const simulator = simulatorOver(core)
  const server = createServer((request, response) => {
    answer(core, simulator, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`simulator broke: ${String(error)}`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new SimulatorError('no_port', 'the simulator has no port')
  return {
    ...simulator,
    url: `http://${host === '::1' ? '[::1]' : host}:${address.port}`,
    stop: async () => {
      core.line.stop()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections() // calls left hanging by a fault must not keep the process
      await closed
    },
  }
}

function createCore(options: ZaloBotSimOptions): Core {
  const now = options.now ?? Date.now
  const journal = createJournal(now)
  const faults = createFaults(options.random ?? Math.random)
  return {
    world: emptyWorld(),
    journal,
    faults,
    now,
    pollScale: options.pollScale ?? 1,
    allowLoopbackWebhook: options.allowLoopbackWebhook ?? false,
    line: new UpdateLine({
      journal,
      faults,
      timeoutMs: options.webhookTimeoutMs ?? 20_000,
      holdMs: options.holdMs ?? 300,
      redeliveries: options.redeliveries ?? 0,
      redeliverAfterMs: options.redeliverAfterMs ?? 1_000,
    }),
  }
}

async function answer(
  core: Core,
  simulator: Omit<ZaloBotSim, 'url' | 'stop'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const body = Buffer.concat(chunks).toString('utf8')
  const path = new URL(request.url ?? '/', 'http://sim.invalid').pathname
  if (path.startsWith('/_sim/')) return handleControl(simulator, request, response, body)
  return handleBotApi(core, request, response, body)
}
