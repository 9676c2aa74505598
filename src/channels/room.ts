import type { Db } from '../db/client.ts'
import type { DeliveryKeeper } from '../intake/keep.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

/** What everything that looks after a Page has at hand. */
export interface WatchRoom {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly pacing: WatchPacing
  readonly keeper: Pick<DeliveryKeeper, 'keep'>
  /** The program is about to end: what takes long breaks off. */
  readonly isStopping?: () => boolean
}

interface WatchPacing {
  readonly tokenEveryMs: number
  readonly subscriptionEveryMs: number
  readonly silenceEveryMs: number
  readonly reconcileEveryMs: number
  readonly againMs: number
  readonly freshMs: number
  readonly overlapMs: number
  readonly posts: number
  readonly expiryNoticeMs: number
}
