import { createJournal } from '../kit/journal.ts'
import { type Place, requireLoopback, serve } from '../kit/serve.ts'
import { handleControl } from './control.ts'
import { type Core, defaultSettings, type Settings } from './core.ts'
import { createFaults } from './faults.ts'
import type { Journal } from './journal.ts'
import { handleCall } from './openapi/handle.ts'
import { simulatorOver, type ZaloOaSim } from './simulator.ts'
import { type Timers, WebhookSender } from './webhooks.ts'
import { emptyWorld } from './world.ts'

export type ZaloOaSimOptions = Place & {
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

const minute = 60_000
const retryStepsMs = [minute / 2, 5 * minute, 15 * minute, 30 * minute, 60 * minute]

/** Starts a local Zalo for Official Accounts on a loopback port (0 or none: a free one). */
export async function startZaloOaSim(options: ZaloOaSimOptions): Promise<ZaloOaSim> {
  requireLoopback('OA', options)
  const core = createCore(options)
  const simulator = simulatorOver(core)
  const { url, close } = await serve(options, {
    control: (request, response, body) => handleControl(core, simulator, request, response, body),
    call: (request, response, body) => handleCall(core, request, response, body),
  })
  return Object.defineProperties(
    {
      url,
      stop: async () => {
        core.webhooks.stop()
        await close()
      },
    },
    Object.getOwnPropertyDescriptors(simulator),
  ) as ZaloOaSim
}

function createCore(options: ZaloOaSimOptions): Core {
  const { appId, appSecret, now = Date.now, random = Math.random, retryScale = 1 } = options
  const world = emptyWorld(now)
  const journal: Journal = createJournal(now)
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
