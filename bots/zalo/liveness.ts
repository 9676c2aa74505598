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

export interface Liveness {
  /** The link was surely up then: something came through it later. */
  heardUntil(): Date
  stop(): void
}

/**
 * Watches an open connection, because zca-js notices a half-open one never: its ping frame wants no answer. A websocket
 * ping must be answered, so silence after one means that nothing passes; a server that never answered one may just be
 * quiet and is given longer.
 */
export function liveness({ connection, waits, clock, answersPings, silent, keepAlive }: LivenessOptions): Liveness {
  let bytes = connection.bytesRead()
  let heardAt = clock().getTime()
  let unanswered = 0
  let seen = { bytes, at: heardAt }
  let heardUntil = heardAt
  const look = (now: number): void => {
    const read = connection.bytesRead()
    if (read !== seen.bytes) heardUntil = seen.at // it came between the two looks
    seen = { bytes: read, at: now }
  }
  const probe = setInterval(() => {
    const now = clock().getTime()
    look(now)
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
  return {
    heardUntil: () => {
      look(clock().getTime())
      return new Date(heardUntil)
    },
    stop: () => {
      clearInterval(probe)
      clearInterval(keeping)
    },
  }
}
