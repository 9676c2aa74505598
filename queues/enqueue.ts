import type { JobsOptions } from 'bullmq'
import type { Clock } from '../src/lib/clock.ts'
import { InvalidInputError } from '../src/lib/errors.ts'
import { step } from '../src/lib/failpoint.ts'
import { Lane, lanes } from '../src/lib/lane.ts'
import { definitionOf, type Payload, type QueueName } from './definitions.ts'
import type { QueueTimings } from './timings.ts'

export interface EnqueueOptions {
  readonly lane: Lane
  readonly delayMs?: number
}

export interface JobToAdd {
  readonly name: QueueName
  readonly data: unknown
  readonly opts: JobsOptions
}

/** Puts jobs into a queue of one backend. */
export type AddJobs = (name: QueueName, jobs: readonly JobToAdd[]) => Promise<void>

/** Hands one piece of work over. Rejects when the queue cannot be reached: the row is there, so sweep will find it. */
export type Enqueue = <Q extends QueueName>(name: Q, payload: Payload<Q>, options: EnqueueOptions) => Promise<void>
export type EnqueueMany = <Q extends QueueName>(
  name: Q,
  payloads: readonly Payload<Q>[],
  options: EnqueueOptions,
) => Promise<void>

/** Jobs handed over in one statement; a larger number would hold its locks for too long. */
const maxBatch = 500

export function createEnqueue(
  add: AddJobs,
  clock: Clock,
  timings: QueueTimings,
): { enqueue: Enqueue; many: EnqueueMany } {
  const many: EnqueueMany = async (name, payloads, options) => {
    const jobs = payloads.map((payload) => toJob(name, payload, options, clock, timings))
    const named = definitionOf(name).step
    for (let from = 0; from < jobs.length; from += maxBatch) {
      const batch = jobs.slice(from, from + maxBatch)
      await (named === null ? add(name, batch) : step(named, () => add(name, batch)))
    }
  }
  return { enqueue: (name, payload, options) => many(name, [payload], options), many }
}

/** The job as BullMQ wants it: checked payload, a lane, deduplication, whole numbers. */
export function toJob<Q extends QueueName>(
  name: Q,
  payload: Payload<Q>,
  { lane, delayMs = 0 }: EnqueueOptions,
  clock: Clock,
  timings: QueueTimings,
): JobToAdd {
  const definition = definitionOf(name)
  const checkedLane = Lane.safeParse(lane)
  if (!checkedLane.success) throw new InvalidInputError(`expected a lane such as "live" for a job of ${name}`)
  const data = definition.payload.parse(payload)
  const dedupe = definition.dedupe(data)
  const common: JobsOptions = {
    priority: lanes[checkedLane.data],
    attempts: definition.retry.attempts,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: { age: timings.keepFailedSeconds },
  }
  if (delayMs <= 0) return { name, data, opts: { ...common, deduplication: dedupe } }
  // A postponed job must not swallow what is due now, nor one that is due earlier: it has its own id for each due time.
  const now = clock().getTime()
  const grain = timings.delayGrainMs
  const due = Math.ceil((now + delayMs) / grain) * grain
  return {
    name,
    data,
    opts: { ...common, delay: due - now, deduplication: { ...dedupe, id: `${dedupe.id}.at.${due}` } },
  }
}
