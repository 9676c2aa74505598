import { createJournal } from '../kit/journal.ts'
import { type Place, requireLoopback, serve } from '../kit/serve.ts'
import { handleControl } from './control.ts'
import type { Core } from './core.ts'
import { createFaults } from './faults.ts'
import { handleGraph } from './graph/handle.ts'
import { createIds } from './ids.ts'
import type { Journal } from './journal.ts'
import { keepWorld } from './keep.ts'
import { type FacebookSim, simulatorOver } from './simulator.ts'
import { type Timers, WebhookSender } from './webhooks.ts'
import { emptyWorld } from './world.ts'

export type FacebookSimOptions = Place & {
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

const retrySteps = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000]

/** Starts a local Facebook on a loopback port (0 or none: a free one). */
export async function startFacebookSim(options: FacebookSimOptions): Promise<FacebookSim> {
  requireLoopback('Facebook', options)
  const core = createCore(options)
  const saveLast = options.keepIn ? keepWorld(core, options.keepIn) : null
  const simulator = simulatorOver(core)
  const { url, close } = await serve(options, {
    control: (request, response, body) => handleControl(core, simulator, request, response, body),
    call: (request, response, body) => handleGraph(core, request, response, body),
  })
  return Object.defineProperties(
    {
      url,
      stop: async () => {
        core.webhooks.stop()
        await close()
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
  const journal: Journal = createJournal(now)
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
