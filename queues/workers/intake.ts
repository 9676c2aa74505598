import { findCrowded } from '../../src/intake/crowded.ts'
import { type NewEvent, recordNext } from '../../src/intake/record.ts'
import { type Lane, lanes } from '../../src/lib/lane.ts'
import type { Handler } from '../run.ts'
import { botOf, type Workshop } from './workshop.ts'

/** Behind everybody who is not in a crowd, before history. */
const crowdedLane = 'acknowledgements' satisfies Lane

/** Drains the kept deliveries: each becomes events, each new event goes to triage. */
export function intakeWorker(workshop: Workshop): Handler<'intake'> {
  return async (_payload, { log, signal }) => {
    for (let more = true; more && !signal.aborted; ) {
      const recorded = await recordNext(
        workshop.db,
        (delivery) => botOf(workshop, delivery.platform).normalise(delivery),
        workshop.clock(),
      )
      const crowded = await findCrowded(workshop.db, recorded.events)
      const laneOf = ({ id, lane }: NewEvent): Lane =>
        lane > lanes.live ? 'backfill' : crowded.has(id) ? crowdedLane : 'live'
      for (const lane of ['live', crowdedLane, 'backfill'] as const) {
        const jobs = recorded.events.filter((event) => laneOf(event) === lane).map(({ id }) => ({ eventId: id }))
        await workshop.enqueueMany('triage', jobs, { lane })
      }
      if (recorded.events.length > 0) log.info({ events: recorded.events.length }, 'events recorded')
      more = recorded.more
    }
  }
}
