import { type Job, UnrecoverableError } from 'bullmq'
import { errorCode } from '../src/lib/errors.ts'
import { type Lane, lanes } from '../src/lib/lane.ts'
import type { Log } from '../src/lib/log.ts'
import type { JobProcessor, JobWorker, QueueBackend } from './backend.ts'
import { definitionOf, type Payload, type QueueName, type RetryPolicy } from './definitions.ts'
import type { Enqueue } from './enqueue.ts'
import { failureText, GiveUpError, PostponeError } from './outcome.ts'
import type { QueueTimings } from './timings.ts'

export interface JobContext {
  /** Carries the queue, the job and the ids of its payload. */
  readonly log: Log
  readonly lane: Lane
  /** 1 for the first try. */
  readonly attempt: number
  readonly isLastAttempt: boolean
  /** Aborted when the program stops: a long run ends after its current row by throwing PostponeError. */
  readonly signal: AbortSignal
}

export type Handler<Q extends QueueName> = (payload: Payload<Q>, context: JobContext) => Promise<void>

/** One for each queue; the compiler counts. */
export type Handlers = { readonly [Q in QueueName]: Handler<Q> }

export interface WorkerRoom {
  readonly backend: QueueBackend
  readonly log: Log
  readonly timings: QueueTimings
  readonly enqueue: Enqueue
  /** The runs of handlers that have not ended. */
  readonly underway: Set<Promise<void>>
  readonly signal: AbortSignal
  /** A number from 0 up to 1, for the jitter of retries. */
  readonly random: () => number
}

/** Starts taking jobs of one queue. */
export async function startWorker<Q extends QueueName>(
  name: Q,
  handler: Handler<Q>,
  concurrency: number,
  { backend, timings, random, ...room }: WorkerRoom,
): Promise<JobWorker> {
  const { retry } = definitionOf(name)
  const log = room.log.child({ queue: name })
  const worker = backend.openWorker(name, createProcessor(name, handler, { ...room, log }), {
    autorun: false,
    concurrency,
    lockDuration: timings.lockDurationMs,
    stalledInterval: timings.stalledCheckMs,
    maxStalledCount: 3, // a machine that restarts again and again must not fail the job it was holding
    drainDelay: timings.idlePollSeconds,
    runRetryDelay: timings.reconnectMs,
    settings: { backoffStrategy: (attemptsMade) => backoffMs(retry, attemptsMade, random(), timings.retryDelayScale) },
  })
  listen(worker, log)
  try {
    await worker.waitUntilReady()
  } catch (error) {
    await worker.close()
    throw error
  }
  void worker.run().catch((error: unknown) => log.error({ err: error }, 'worker ended'))
  return worker
}

/** How long to wait before the next try: doubling, capped, spread over its upper half; always whole milliseconds. */
export function backoffMs(policy: RetryPolicy, attemptsMade: number, random: number, scale: number): number {
  const full = Math.min(policy.firstDelayMs * 2 ** (attemptsMade - 1), policy.maxDelayMs)
  return Math.round(full * (0.5 + random / 2) * scale)
}

function createProcessor<Q extends QueueName>(
  name: Q,
  handler: Handler<Q>,
  { log, enqueue, underway, signal }: Pick<WorkerRoom, 'log' | 'enqueue' | 'underway' | 'signal'>,
): JobProcessor {
  const { payload: schema, retry } = definitionOf(name)

  return async (job: Job<unknown>) => {
    const payload = schema.safeParse(job.data)
    if (!payload.success) {
      log.error({ jobId: job.id }, 'job refused: its payload is not what this queue expects')
      throw new UnrecoverableError('payload: not what this queue expects')
    }
    const attempt = job.attemptsMade + 1
    const context: JobContext = {
      log: log.child(Object.assign({ jobId: job.id }, payload.data)),
      lane: laneOf(job.opts.priority),
      attempt,
      isLastAttempt: attempt >= retry.attempts,
      signal,
    }
    const run = (async () => handler(payload.data, context))() // also what it throws before its first await
    underway.add(run)
    try {
      await run
    } catch (thrown) {
      if (!(thrown instanceof PostponeError)) throw failure(thrown, context)
      // First the new job, then the end of this one: a crash in between makes two, which the row tells apart.
      const { delayMs } = thrown
      await enqueue(name, payload.data, { lane: context.lane, delayMs }).catch((error: unknown) => {
        throw failure(error, context)
      })
    } finally {
      underway.delete(run)
    }
  }
}

/** What BullMQ keeps beside the job. Nothing of a foreign error goes there, neither its message nor its stack. */
function failure(thrown: unknown, { log, attempt, isLastAttempt }: JobContext): Error {
  const isFinal = thrown instanceof GiveUpError || isLastAttempt
  const facts = { err: thrown, attempt }
  if (isFinal) log.error(facts, 'job failed for good')
  else log.warn(facts, 'job failed and will be tried again')
  const text = failureText(thrown)
  const kept = isFinal ? new UnrecoverableError(text) : new Error(text)
  kept.stack = text
  return kept
}

function laneOf(priority: number | undefined): Lane {
  if (priority === lanes.urgent) return 'urgent'
  if (priority === lanes.live) return 'live'
  if (priority === lanes.acknowledgements) return 'acknowledgements'
  return priority === lanes.backfill ? 'backfill' : 'bulk'
}

/** One line when the queue is lost and none for each further try, until a job runs again. */
function listen(worker: JobWorker, log: Log): void {
  let isTroubled = false
  worker.on('error', (error) => {
    log[isTroubled ? 'debug' : 'warn']({ code: errorCode(error) }, 'worker cannot reach its queue')
    isTroubled = true
  })
  worker.on('active', () => {
    isTroubled = false
  })
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'job taken over from a worker that died'))
}
