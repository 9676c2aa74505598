import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq'
import type { Connection } from '../src/db/client.ts'
import type { Log } from '../src/lib/log.ts'
import { openPostgres } from './backend-postgres.ts'
import { openRedis } from './backend-redis.ts'
import type { QueueTimings } from './timings.ts'

/** Where the jobs live: beside our tables, or in a Redis. */
export type BackendAddress =
  | { readonly kind: 'postgres'; readonly connection: Connection }
  | { readonly kind: 'redis'; readonly url: string }

/** What the rest of this folder does with a queue; the same for both backends. */
export type JobQueue = Pick<
  Queue,
  'addBulk' | 'upsertJobScheduler' | 'getJobCounts' | 'obliterate' | 'resume' | 'close' | 'waitUntilReady'
> & { on(event: 'error', listener: (error: Error) => void): unknown }

export type JobWorker = Pick<Worker, 'run' | 'close' | 'waitUntilReady'> & {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'active', listener: () => void): unknown
  on(event: 'stalled', listener: (jobId: string) => void): unknown
}

export type JobProcessor = Processor<unknown, void>
type JobWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>

export interface QueueBackend {
  readonly openQueue: (name: string) => JobQueue
  readonly openWorker: (name: string, processor: JobProcessor, options: JobWorkerOptions) => JobWorker
  /** Makes sure that queues and workers will find their connections, before any of them exists. */
  readonly reserve: () => Promise<void>
  /** From now on a server that goes away is not looked for again; false where it is away already. */
  readonly beginClose: () => boolean
  /** Calls `listener` whenever the server came back, because a Redis may come back empty. */
  readonly onReturn: (listener: () => void) => void
  /** Call it after everything it opened is closed. */
  readonly close: () => Promise<void>
}

/** Waits until the server answers, prepares it, and gives the means to open queues and workers on it. */
export function openQueueBackend(address: BackendAddress, log: Log, timings: QueueTimings): Promise<QueueBackend> {
  return address.kind === 'postgres'
    ? openPostgres(address.connection, log, timings)
    : openRedis(address.url, log, timings)
}
