import type { Clock } from '../../src/lib/clock.ts'
import type { ZaloWaits } from './waits.ts'
import type { ZaloConnection } from './zca.ts'

interface LivenessOptions {
  readonly connection: Pick<ZaloConnection, 'bytesRead' | 'ping'>
  readonly waits: Pick<ZaloWaits, 'probeMs' | 'silentMs' | 'quietMs' | 'keepAliveMs'>
  readonly clock: Clock
  /** A ping was answered once, on this connection or an earlier one. */
  readonly answersPings: () => boolean
  readonly silent: () => void
  readonly keepAlive: () => void
}

/**
 * Watches an open connection, because zca-js notices a half-open one never: its ping frame wants no answer. A websocket
 * ping must be answered, so silence after one means that nothing passes; a server that never answered one may just be
 * quiet and is given longer.
 */
export function liveness({ connection, waits, clock, answersPings, silent, keepAlive }: LivenessOptions): () => void {
  let bytes = connection.bytesRead()
  let heardAt = clock().getTime()
  let unanswered = 0
  const probe = setInterval(() => {
    const now = clock().getTime()
    const read = connection.bytesRead()
    if (read !== bytes) {
      bytes = read
      heardAt = now
      unanswered = 0
    }
    // Two pings at least: after a pause of this process the answer to the last one may only not be read yet.
    const isOverdue = now - heardAt >= (answersPings() ? waits.silentMs : waits.quietMs)
    if (isOverdue && unanswered >= 2) return silent()
    unanswered += 1
    connection.ping()
  }, waits.probeMs)
  const keeping = setInterval(keepAlive, waits.keepAliveMs)
  return () => {
    clearInterval(probe)
    clearInterval(keeping)
  }
}
