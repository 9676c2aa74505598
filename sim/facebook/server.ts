import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { handleControl } from './control.ts'
import type { Core } from './core.ts'
import { createFaults } from './faults.ts'
import { handleGraph } from './graph/handle.ts'
import { createIds } from './ids.ts'
import { createJournal } from './journal.ts'
import { keepWorld } from './keep.ts'
import { readBytes } from './post-bytes.ts'
import { type FacebookSim, simulatorOver } from './simulator.ts'
import { type Timers, WebhookSender } from './webhooks.ts'
import { emptyWorld, SimulatorError } from './world.ts'

export type FacebookSimOptions = {
  /** The caller has read SIMULATORS=allow; without it nothing starts. */
  allow: boolean
  port?: number
  /** Loopback only. */
  host?: string
  appId: string
  appSecret: string
  verifyToken: string
  /** Milliseconds since 1970. */
  now?: () => number
  /** Pass a seeded one to make a run repeatable. */
  random?: () => number
  timers?: Timers
  /** Multiplies the pauses between attempts of a webhook: 1 s, 5 s, 30 s, 2 min, 10 min … 1 h. */
  retryScale?: number
  /** How long the product may take to answer a webhook. */
  webhookTimeoutMs?: number
  latencyMs?: number
  humanAgent?: boolean
  /** A file that keeps this Facebook over a restart; without it everything is forgotten. */
  keepIn?: string
}

const loopback = ['127.0.0.1', '::1', 'localhost']
const retrySteps = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000]

/** Starts a local Facebook on a loopback port (0 or none: a free one). */
export async function startFacebookSim(options: FacebookSimOptions): Promise<FacebookSim> {
  const host = options.host ?? '127.0.0.1'
  if (options.allow !== true)
    throw new SimulatorError(
      'not_allowed',
      'the Facebook simulator starts only where the configuration says SIMULATORS=allow',
    )
  if (!loopback.includes(host))
    throw new SimulatorError('not_loopback', `the Facebook simulator listens on loopback only, not on ${host}`)
  const core = createCore(options)
  const saveLast = options.keepIn ? keepWorld(core, options.keepIn) : null
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
        saveLast?.()
      },
    },
    Object.getOwnPropertyDescriptors(simulator),
  ) as FacebookSim
}

function createCore(options: FacebookSimOptions): Core {
  const now = options.now ?? Date.now
  const random = options.random ?? Math.random
  const world = emptyWorld(createIds(now()), now)
  const journal = createJournal(now)
  const secrets = [options.appSecret]
  const scale = options.retryScale ?? 1
  return {
    appId: options.appId,
    secrets,
    verifyToken: options.verifyToken,
    world,
    journal,
    faults: createFaults(random),
    usage: { app: { call_count: 1, total_time: 1, total_cputime: 1 }, pages: {} },
    latencyMs: options.latencyMs ?? 0,
    humanAgent: options.humanAgent ?? false,
    webhooks: new WebhookSender({
      world,
      journal,
      secret: () => secrets[0] ?? '',
      random,
      timers: options.timers ?? {
        set: (run, ms) => setTimeout(run, ms),
        clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
      },
      retryDelayMs: (attempt) => (retrySteps[attempt - 2] ?? 3_600_000) * scale,
      timeoutMs: options.webhookTimeoutMs ?? 20_000,
    }),
  }
}

async function answer(
  core: Core,
  simulator: Omit<FacebookSim, 'url' | 'stop'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBytes(request)
  const path = new URL(request.url ?? '/', 'http://sim.invalid').pathname
  if (path.startsWith('/_sim/')) return handleControl(core, simulator, request, response, body.toString('utf8'))
  return handleGraph(core, request, response, body)
}
