import { setTimeout as pause } from 'node:timers/promises'
import type { QueueTimings } from './timings.ts'

/** Tries until `attempt` succeeds; gives up with its last error, or at once where waiting cannot help. */
export async function firstAnswer<T>(
  attempt: () => Promise<T>,
  isWorthWaiting: (error: unknown) => boolean,
  { connectWithinMs, connectRetryMs }: Pick<QueueTimings, 'connectWithinMs' | 'connectRetryMs'>,
): Promise<T> {
  for (let left = Math.ceil(connectWithinMs / connectRetryMs); ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (left <= 0 || !isWorthWaiting(error)) throw error
      await pause(connectRetryMs)
    }
  }
}
