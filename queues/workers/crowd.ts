import { setTimeout as wait } from 'node:timers/promises'
import type { Handler } from '../run.ts'
import { triageWorker } from './triage.ts'
import type { Workshop } from './workshop.ts'

/** Rests so many times as long as the event took, so that what follows of others finds the program free. */
const REST = 2

/** Looks at one event of a crowd, then lets others go first for a while: on a busy machine longer than on an idle one. */
export function crowdWorker(workshop: Workshop): Handler<'crowd'> {
  const look = triageWorker(workshop)
  return async (payload, context) => {
    const began = performance.now()
    await look(payload, context)
    const restMs = REST * (performance.now() - began)
    await wait(restMs, undefined, { signal: context.signal }).catch(() => {}) // the program ends
  }
}
