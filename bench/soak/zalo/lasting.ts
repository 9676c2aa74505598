import { startZaloSim, type ZaloSim } from '../../../sim/zalo/sim.ts'
import type { LogEntry } from '../../../sim/zalo/world/log.ts'
import type { Say } from '../../../sim/zalo/world/people.ts'

/** A simulated Zalo that can go away and come back at its address. Its log runs on as if it had never been away. */
export interface LastingZalo {
  /** The one of now: after a restart it is another. */
  readonly now: ZaloSim
  readonly log: readonly LogEntry[]
  /** While it is away nobody can write: who tries has it written as soon as it is back. */
  say(input: Say): void
  onLog: ZaloSim['onLog']
  /** Everybody is cut off; whoever calls meanwhile is refused. What people wrote is known afterwards, faults are not. */
  restart(whileAway: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** Written when it stops: writing a long talk down again and again would be all that it does. */
const NEVER_MS = 2 ** 31 - 1

export async function startLastingZalo(
  options: Omit<Parameters<typeof startZaloSim>[0], 'allow' | 'saveAfterMs'> & { readonly stateFile: string },
): Promise<LastingZalo> {
  const start = (port: number): Promise<ZaloSim> =>
    startZaloSim({ ...options, port, allow: true, saveAfterMs: NEVER_MS })
  const followers = new Set<(entry: LogEntry) => void>()
  const earlier: LogEntry[] = []
  const unsaid: Say[] = []
  let isAway = false
  const follow = (sim: ZaloSim): ZaloSim => {
    sim.onLog((entry) => {
      for (const tell of followers) tell(entry)
    })
    return sim
  }
  let now = follow(await start(options.port ?? 0))
  return {
    get now() {
      return now
    },
    get log() {
      return [...earlier, ...now.log]
    },
    say: (input) => {
      if (isAway) unsaid.push(input)
      else now.say(input)
    },
    onLog: (tell) => {
      followers.add(tell)
      return () => void followers.delete(tell)
    },
    restart: async (whileAway) => {
      isAway = true
      await now.stop()
      earlier.push(...now.log)
      await whileAway()
      now = follow(await start(Number(new URL(now.url).port)))
      isAway = false
      for (const input of unsaid.splice(0)) now.say(input)
    },
    stop: () => now.stop(),
  }
}
