import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { handleControl } from './control.ts'
import { type Core, defaultSettings, type Settings } from './core.ts'
import { createFaults } from './faults.ts'
import { createJournal } from './journal.ts'
import { handleCall } from './openapi/handle.ts'
import { readAll } from './post-bytes.ts'
import { simulatorOver, type ZaloOaSim } from './simulator.ts'
import { type Timers, WebhookSender } from './webhooks.ts'
import { emptyWorld, SimulatorError } from './world.ts'

export type ZaloOaSimOptions = {
  /** The caller has read SIMULATORS=allow; without it nothing starts. */
  allow: boolean
  port?: number
  /** Loopback only. */
  host?: string
  appId: string
  appSecret: string
  /** Milliseconds since 1970. */
  now?: () => number
  /** Pass a seeded one to make a run repeatable. */
  random?: () => number
  timers?: Timers
  /** Multiplies the pauses before the further attempts of a webhook: 30 s, 5, 15, 30 and 60 min. */
  retryScale?: number
  /** How long the product may take to answer a webhook. */
  webhookTimeoutMs?: number
  latencyMs?: number
  settings?: Partial<Settings>
}

const loopback = ['127.0.0.1', '::1', 'localhost']
const minute = 60_000
const retryStepsMs = [minute / 2, 5 * minute, 15 * minute, 30 * minute, 60 * minute]

/** Starts a local Zalo for Official Accounts on a loopback port (0 or none: a free one). */
export async function startZaloOaSim(options: ZaloOaSimOptions): Promise<ZaloOaSim> {
  const host = options.host ?? '127.0.0.1'
  if (options.allow !== true)
    throw new SimulatorError(
      'not_allowed',
      'the OA simulator starts only where the configuration says SIMULATORS=allow',
    )
  if (!loopback.includes(host))
    throw new SimulatorError('not_loopback', `the OA simulator listens on loopback only, not on ${host}`)
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
  return Object.defineProperties(
    {
      url: `http://${host === '::1' ? '[::1]' : host}:${address.port}`,
      stop: async () => {
        core.webhooks.stop()
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        server.closeAllConnections() // calls left hanging by a fault must not keep the process
        await closed
      },
    },
    Object.getOwnPropertyDescriptors(simulator),
  ) as ZaloOaSim
}

function createCore(options: ZaloOaSimOptions): Core {
  const { appId, appSecret, now = Date.now, random = Math.random, retryScale = 1 } = options
  const world = emptyWorld(now)
  const journal = createJournal(now)
  const timers = options.timers ?? {
    set: (run: () => void, ms: number) => setTimeout(run, ms),
    clear: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
  }
  return {
    appId,
    appSecret,
    world,
    journal,
    faults: createFaults(random),
    settings: { ...defaultSettings, ...options.settings },
    latencyMs: options.latencyMs ?? 0,
    webhooks: new WebhookSender({
      appId,
      world,
      journal,
      random,
      timers,
      retryDelaysMs: retryStepsMs.map((ms) => ms * retryScale),
      timeoutMs: options.webhookTimeoutMs ?? 2_000,
    }),
  }
}

async function answer(
  core: Core,
  simulator: Omit<ZaloOaSim, 'url' | 'stop'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readAll(request)
  const path = new URL(request.url ?? '/', 'http://sim.invalid').pathname
  if (path.startsWith('/_sim/')) return handleControl(core, simulator, request, response, body.toString('utf8'))
  return handleCall(core, request, response, body)
}
