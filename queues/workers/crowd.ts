import { setTimeout as wait } from 'node:timers/promises'
import type { Payload } from '../definitions.ts'
import type { Handler, JobContext } from '../run.ts'

/** Others count as there for so long after something of theirs was looked at. */
const NEARBY_MS = 1_000
/** Rests so many times as long as an event took: on a busy machine longer than on an idle one. */
const REST = 8

/** True: whoever wrote this waits for us. */
export type Look = (payload: Payload<'triage' | 'crowd'>, context: JobContext) => Promise<boolean>

/**
 * The same look at an event for everybody, and for a crowd on one account. While others wait as well, the crowd is looked at
 * one at a time and with rests, so that what follows of theirs finds the program free; else nothing holds it up.
 */
export function besideTheCrowd(look: Look): { readonly triage: Handler<'triage'>; readonly crowd: Handler<'crowd'> } {
  let othersAt = Number.NEGATIVE_INFINITY
  let turn: Promise<unknown> = Promise.resolve()

  const rested = async (payload: Parameters<Look>[0], context: JobContext): Promise<void> => {
    const began = performance.now()
    await look(payload, context)
    const restMs = REST * (performance.now() - began)
    await wait(restMs, undefined, { signal: context.signal }).catch(() => {}) // the program ends
  }

  return {
    triage: async (payload, context) => {
      if (await look(payload, context)) othersAt = performance.now()
    },
    crowd: async (payload, context) => {
      if (performance.now() - othersAt > NEARBY_MS) {
        await look(payload, context)
        return
      }
      const mine = turn.then(() => rested(payload, context))
      turn = mine.catch(() => {}) // whoever failed says so; the next goes on
      return mine
    },
  }
}
