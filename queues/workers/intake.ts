import { recordNext } from '../../src/intake/record.ts'
import type { Handler } from '../run.ts'
import { handToTriage } from './hand-to-triage.ts'
import { botOf, type Workshop } from './workshop.ts'

/** Drains the kept deliveries: each becomes events, each new event goes to triage. */
export function intakeWorker(workshop: Workshop): Handler<'intake'> {
  return async (_payload, { log, signal }) => {
    for (let more = true; more && !signal.aborted; ) {
      const recorded = await recordNext(
        workshop.db,
        (delivery) => botOf(workshop, delivery.platform).normalise(delivery),
        workshop.clock(),
      )
      await handToTriage(workshop, recorded.events)
      if (recorded.events.length > 0) log.info({ events: recorded.events.length }, 'events recorded')
      more = recorded.more
    }
  }
}
