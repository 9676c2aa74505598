/** Every wait of the queues. Shipped values below; tests and fault runs inject shorter ones. */
export interface QueueTimings {
  /** How long to wait at start for a PostgreSQL or a Redis that does not answer yet. */
  readonly connectWithinMs: number
  readonly connectRetryMs: number
  /** A worker that died loses its job to another one after this long, found at the next check. */
  readonly lockDurationMs: number
  readonly stalledCheckMs: number
  /** An idle worker is woken by a notification; this is only how often it looks by itself. */
  readonly idlePollSeconds: number
  /** Pause of a worker that could not reach the queue. */
  readonly reconnectMs: number
  readonly sweepEveryMs: number
  /** Due times of postponed jobs are rounded up to this grain, so that many share one job. */
  readonly delayGrainMs: number
  /** Factor on every retry delay in definitions.ts. */
  readonly retryDelayScale: number
  readonly keepFailedSeconds: number
}

export const shippedTimings: QueueTimings = {
  connectWithinMs: 30_000,
  connectRetryMs: 500,
  lockDurationMs: 10_000,
  stalledCheckMs: 5_000,
  idlePollSeconds: 30,
  reconnectMs: 1_000,
  sweepEveryMs: 60_000,
  delayGrainMs: 1_000,
  retryDelayScale: 1,
  keepFailedSeconds: 14 * 24 * 60 * 60,
}
