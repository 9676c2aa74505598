import { type Clock, systemClock } from '../src/lib/clock.ts'
import { errorCode } from '../src/lib/errors.ts'
import type { Log } from '../src/lib/log.ts'
import { type BackendAddress, type JobQueue, type JobWorker, openQueueBackend, type QueueBackend } from './backend.ts'
import { definitionOf, forEachQueue, type QueueName, queueNames } from './definitions.ts'
import { type AddJobs, createEnqueue, type Enqueue, type EnqueueMany, toJob } from './enqueue.ts'
import { type Handlers, startWorker, type WorkerRoom } from './run.ts'
import { schedule } from './schedule.ts'
import { type QueueTimings, shippedTimings } from './timings.ts'
import { createWake, type Wake } from './wake.ts'

export interface QueuesOptions {
  readonly backend: BackendAddress
  readonly log: Log
  readonly timings?: Partial<QueueTimings>
  readonly clock?: Clock
  readonly random?: () => number
}

export interface WorkersOptions {
  /** Which queues this process works on; all unless told otherwise. Without the sweep nothing is scheduled. */
  readonly only?: readonly QueueName[]
  readonly concurrency?: Partial<Record<QueueName, number>>
}

interface QueueCounts {
  /** Also those of a paused queue. */
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
}

export interface Queues {
  readonly enqueue: Enqueue
  readonly enqueueMany: EnqueueMany
  readonly wake: Wake
  readonly startWorkers: (handlers: Handlers, options?: WorkersOptions) => Promise<void>
  readonly counts: () => Promise<Readonly<Record<QueueName, QueueCounts>>>
  /** Forgets every job and every schedule, as a Redis does that comes back empty. For tests and fault runs. */
  readonly wipe: () => Promise<void>
  /** Tells handlers to stop, waits for the jobs under way, and leaves nothing open. */
  readonly close: () => Promise<void>
}

/** All queues of the house on one backend. */
export async function openQueues({
  log,
  clock = systemClock,
  random = Math.random,
  ...options
}: QueuesOptions): Promise<Queues> {
  const timings = { ...shippedTimings, ...options.timings }
  const backend = await openQueueBackend(options.backend, log, timings)
  const queues = await openAll(backend, log).catch(async (error: unknown) => {
    await backend.close()
    throw error
  })
  const add: AddJobs = async (name, jobs) => {
    await queues[name].addBulk([...jobs])
  }
  const { enqueue, many } = createEnqueue(add, clock, timings)
  const { wake, settled } = createWake(
    (name) => enqueue(name, {}, { lane: 'live' }),
    (name, error) => log.warn({ queue: name, code: errorCode(error) }, 'wake failed, sweep will find the rows'),
  )
  const workers: JobWorker[] = []
  let isSweeping = false
  const stopping = new AbortController()
  const underway = new Set<Promise<void>>()
  const room: WorkerRoom = { backend, log, timings, enqueue, underway, signal: stopping.signal, random }

  const scheduleSweep = (): Promise<void> =>
    schedule(queues.sweep, toJob('sweep', {}, { lane: 'live' }, clock, timings), timings.sweepEveryMs)

  const startWorkers: Queues['startWorkers'] = async (handlers, { only = queueNames, concurrency = {} } = {}) => {
    await backend.reserve()
    const start = async <Q extends QueueName>(name: Q): Promise<void> => {
      workers.push(await startWorker(name, handlers[name], concurrency[name] ?? definitionOf(name).concurrency, room))
    }
    const failed = (await Promise.allSettled(only.map(start))).find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    if (!only.includes('sweep')) return
    isSweeping = true
    await scheduleSweep()
    backend.onReturn(() => {
      if (stopping.signal.aborted) return
      scheduleSweep().catch((error) => log.error({ code: errorCode(error) }, 'the sweep could not be scheduled again'))
    })
  }

  const closeOnce = async (): Promise<void> => {
    stopping.abort()
    const isGentle = backend.beginClose()
    if (!isGentle) await Promise.allSettled(underway) // their jobs stay taken and are run again elsewhere
    await Promise.all(workers.map((worker) => worker.close(!isGentle)))
    await settled()
    await Promise.all(Object.values(queues).map((queue) => queue.close()))
    await backend.close()
  }
  let closed: Promise<void> | null = null

  return {
    enqueue,
    enqueueMany: many,
    wake,
    startWorkers,
    counts: async () => {
      const counted = new Map<QueueName, QueueCounts>()
      for (const name of queueNames) counted.set(name, await count(queues[name]))
      return forEachQueue((name) => counted.get(name) ?? none)
    },
    wipe: async () => {
      for (const queue of Object.values(queues)) await queue.obliterate({ force: true })
      if (isSweeping) await scheduleSweep()
    },
    close: () => {
      closed ??= closeOnce()
      return closed
    },
  }
}

async function openAll(backend: QueueBackend, log: Log): Promise<Readonly<Record<QueueName, JobQueue>>> {
  await backend.reserve()
  const queues = forEachQueue((name) => openQueue(name, backend, log))
  // Each remembers for ever how its first connection went, so that happens now, while the server is known to answer.
  await Promise.all(Object.values(queues).map((queue) => queue.waitUntilReady()))
  return queues
}

function openQueue(name: QueueName, backend: QueueBackend, log: Log): JobQueue {
  const queue = backend.openQueue(name)
  queue.on('error', (error) => log.debug({ queue: name, code: errorCode(error) }, 'queue cannot be reached'))
  return queue
}

const none: QueueCounts = { waiting: 0, active: 0, delayed: 0, failed: 0 }

/** A job of ours always has a priority; only one taken over from a dead worker may stand in the plain list of Redis. */
async function count(queue: JobQueue): Promise<QueueCounts> {
  const seen = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed')
  const of = (state: string): number => seen[state] ?? 0
  return {
    waiting: of('wait') + of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    failed: of('failed'),
  }
}
