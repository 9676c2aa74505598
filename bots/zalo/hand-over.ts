import type { RawDelivery } from '../bot.ts'
import type { ListenerSink } from '../listener.ts'
import type { ZaloWaits } from './waits.ts'

type Lane = Parameters<ListenerSink['keep']>[1]

/** Brings deliveries to the sink and does not let go of them while the database is briefly away. */
export interface HandOver {
  /** Resolves with true once the delivery is durable, with false when it had to be let go of. Never rejects. */
  push(delivery: RawDelivery, lane: Lane): Promise<boolean>
  /** Tries on until nothing is held or the time is over; resolves with how many had to be let go of. */
  close(withinMs: number): Promise<number>
}

interface HandOverOptions {
  readonly keep: ListenerSink['keep']
  readonly waits: Pick<ZaloWaits, 'keepRetryMinMs' | 'keepRetryMaxMs' | 'keepAtOnce' | 'heldAtMost'>
  /** A delivery could not be kept this time. */
  readonly onError: (error: unknown, held: number) => void
  /** Something was let go of and everything held since then is kept: it is time to ask Zalo for it again. */
  readonly onMissed: () => void
}

interface Held {
  readonly delivery: RawDelivery
  readonly lane: Lane
  readonly settle: (isKept: boolean) => void
}

export function createHandOver({ keep, waits, onError, onMissed }: HandOverOptions): HandOver {
  // Order does not matter, readers sort by time; so what fails goes to the end and nobody waits behind it.
  const lanes: Record<Lane, Held[]> = { live: [], backfill: [] }
  let active = 0
  let failures = 0
  let pause: NodeJS.Timeout | null = null
  let hasMissed = false
  let onIdle: (() => void) | null = null

  const held = (): number => lanes.live.length + lanes.backfill.length + active

  const pump = (): void => {
    while (active < waits.keepAtOnce && pause === null) {
      const next = lanes.live.shift() ?? lanes.backfill.shift()
      if (next === undefined) break
      active += 1
      void attempt(next)
    }
    if (held() > 0) return
    onIdle?.()
    if (!hasMissed) return
    hasMissed = false
    onMissed()
  }

  const attempt = async (item: Held): Promise<void> => {
    try {
      await keep(item.delivery, item.lane)
      failures = 0
      item.settle(true)
    } catch (error) {
      failures += 1
      lanes[item.lane].push(item)
      pauseAfterFailure()
      onError(error, held())
    }
    active -= 1
    pump()
  }

  const pauseAfterFailure = (): void => {
    if (pause !== null) return
    const ms = Math.min(waits.keepRetryMinMs * 2 ** Math.min(failures - 1, 20), waits.keepRetryMaxMs)
    pause = setTimeout(() => {
      pause = null
      pump()
    }, ms)
  }

  return {
    push: (delivery, lane) => {
      if (held() >= waits.heldAtMost) {
        hasMissed = true
        return Promise.resolve(false)
      }
      const { promise, resolve } = Promise.withResolvers<boolean>()
      lanes[lane].push({ delivery, lane, settle: resolve })
      pump()
      return promise
    },
    close: async (withinMs) => {
      if (held() === 0) return 0
      const idle = Promise.withResolvers<void>()
      const timer = setTimeout(idle.resolve, withinMs)
      onIdle = idle.resolve
      await idle.promise
      clearTimeout(timer)
      const left = [...lanes.live.splice(0), ...lanes.backfill.splice(0)]
      if (pause !== null) clearTimeout(pause)
      for (const { settle } of left) settle(false)
      return left.length + active
    },
  }
}
