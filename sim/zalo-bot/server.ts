import { createJournal } from '../kit/journal.ts'
import { type Place, requireLoopback, serve } from '../kit/serve.ts'
import { handleControl } from './control.ts'
import type { Core } from './core.ts'
import { createFaults } from './faults.ts'
import { handleBotApi } from './handle.ts'
import type { Journal } from './journal.ts'
import { UpdateLine } from './line.ts'
import { simulatorOver, type ZaloBotSim } from './simulator.ts'
import { emptyWorld } from './world.ts'

export type ZaloBotSimOptions = Place & {
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

/** Starts a local Zalo Bot Platform on a loopback port (0 or none: a free one). */
export async function startZaloBotSim(options: ZaloBotSimOptions): Promise<ZaloBotSim> {
  requireLoopback('Zalo Bot', options)
  const core = createCore(options)
  const simulator = simulatorOver(core)
  const { url, close } = await serve(options, {
    control: (request, response, body) => handleControl(simulator, request, response, body),
    call: (request, response, body) => handleBotApi(core, request, response, body.toString('utf8')),
  })
  return {
    ...simulator,
    url,
    stop: async () => {
      core.line.stop()
      await close()
    },
  }
}

function createCore(options: ZaloBotSimOptions): Core {
  const now = options.now ?? Date.now
  const journal: Journal = createJournal(now)
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
