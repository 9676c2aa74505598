import { z } from 'zod'
import type { Step } from '../src/lib/failpoint.ts'
import { CaseId, EventId, OutboxId } from '../src/lib/ids.ts'

/** Delays double from `firstDelayMs` to at most `maxDelayMs`; after `attempts` the job fails and sweep finds the row. */
export interface RetryPolicy {
  readonly attempts: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

const patient: RetryPolicy = { attempts: 10, firstDelayMs: 2_000, maxDelayMs: 300_000 }
/** A wake that waits for its retry swallows every later wake of its queue, so it must not wait long. */
const brief: RetryPolicy = { attempts: 5, firstDelayMs: 1_000, maxDelayMs: 5_000 }

export interface QueueDefinition<P> {
  readonly payload: z.ZodType<P>
  readonly dedupe: (payload: P) => { readonly id: string; readonly keepLastIfActive: true }
  readonly retry: RetryPolicy
  /** The hand-over that a fault run can interrupt; the sweep schedules itself. */
  readonly step: Step | null
  /** How many jobs one process works on at the same time unless told otherwise. */
  readonly concurrency: number
}

/** Only ids travel through a queue: the row decides what is to be done, the job says where to look. */
type Ids = object

function defineQueue<P extends Ids>(queue: {
  payload: z.ZodType<P>
  dedupe: (payload: P) => string
  retry: RetryPolicy
  step: Step | null
  concurrency: number
}): QueueDefinition<P> {
  return {
    ...queue,
    // Without keepLastIfActive an add during a run is dropped, though that run may have looked at its row already.
    dedupe: (payload) => ({ id: queue.dedupe(payload), keepLastIfActive: true }),
  }
}

const Nothing = z.strictObject({})
type Nothing = z.infer<typeof Nothing>

/** One job stands for all the work there is: its worker drains the rows. */
function defineWake(name: string, step: Step | null): QueueDefinition<Nothing> {
  return defineQueue({ payload: Nothing, dedupe: () => name, retry: brief, step, concurrency: 1 })
}

/** All asynchronous work of the house. A new stage is one entry here and one worker. */
export const queues = {
  /** Deliveries were stored: turn all of them into events. */
  intake: defineWake('intake', 'enqueue-intake'),
  /** The webhook left out who wrote something, or what: ask the platform before anything is concluded. */
  lookup: defineQueue({
    payload: z.strictObject({ eventId: EventId }),
    dedupe: ({ eventId }) => `lookup.${eventId}`,
    retry: patient,
    step: 'enqueue-lookup',
    concurrency: 2,
  }),
  /** An event was recorded: understand it, open or join a case. */
  triage: defineQueue({
    payload: z.strictObject({ eventId: EventId }),
    dedupe: ({ eventId }) => `triage.${eventId}`,
    retry: patient,
    step: 'enqueue-triage',
    concurrency: 4,
  }),
  /** Where many wait of one account, they are looked at beside everybody else's and hold up none of them. */
  crowd: defineQueue({
    payload: z.strictObject({ eventId: EventId }),
    dedupe: ({ eventId }) => `crowd.${eventId}`,
    retry: patient,
    step: 'enqueue-crowd',
    concurrency: 4,
  }),
  /** A resident's message brought files: fetch them while their addresses are good. */
  files: defineQueue({
    payload: z.strictObject({ eventId: EventId }),
    dedupe: ({ eventId }) => `files.${eventId}`,
    retry: patient,
    step: 'enqueue-files',
    concurrency: 2,
  }),
  /** A case needs an officer. */
  route: defineQueue({
    payload: z.strictObject({ caseId: CaseId }),
    dedupe: ({ caseId }) => `route.${caseId}`,
    retry: patient,
    step: 'enqueue-route',
    concurrency: 4,
  }),
  /** Rows of the outbox are due on Facebook. */
  'send-facebook': defineWake('send-facebook', 'enqueue-send-facebook'),
  /** Rows of the outbox are due on Zalo. */
  'send-zalo': defineWake('send-zalo', 'enqueue-send-zalo'),
  /** Rows of the outbox are due on Zalo's bot platform. */
  'send-zalo-bot': defineWake('send-zalo-bot', 'enqueue-send-zalo-bot'),
  /** Rows of the outbox are due on Official Accounts. */
  'send-zalo-oa': defineWake('send-zalo-oa', 'enqueue-send-zalo-oa'),
  /** A call ended without an answer: read back whether the platform carried it out. */
  reconcile: defineQueue({
    payload: z.strictObject({ outboxId: OutboxId }),
    dedupe: ({ outboxId }) => `reconcile.${outboxId}`,
    retry: patient,
    step: 'enqueue-reconcile',
    concurrency: 2,
  }),
  /** Every minute: find rows whose job was lost and hand them over again. */
  sweep: defineWake('sweep', null),
} as const

export type QueueName = keyof typeof queues
export type Payload<Q extends QueueName> = (typeof queues)[Q] extends QueueDefinition<infer P> ? P : never
/** The queues whose job says nothing but "look". */
export type WakeName = { [Q in QueueName]: Payload<Q> extends Nothing ? Q : never }[QueueName]

/** One `T` for each queue; the compiler counts. */
export function forEachQueue<T>(make: (name: QueueName) => T): Readonly<Record<QueueName, T>> {
  return {
    intake: make('intake'),
    lookup: make('lookup'),
    triage: make('triage'),
    crowd: make('crowd'),
    files: make('files'),
    route: make('route'),
    'send-facebook': make('send-facebook'),
    'send-zalo': make('send-zalo'),
    'send-zalo-bot': make('send-zalo-bot'),
    'send-zalo-oa': make('send-zalo-oa'),
    reconcile: make('reconcile'),
    sweep: make('sweep'),
  }
}

export const queueNames: readonly QueueName[] = Object.values(forEachQueue((name) => name))

const definitions: { readonly [Q in QueueName]: QueueDefinition<Payload<Q>> } = queues

export function definitionOf<Q extends QueueName>(name: Q): QueueDefinition<Payload<Q>> {
  return definitions[name]
}
