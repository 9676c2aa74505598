import { findCrowded } from '../../src/intake/crowded.ts'
import type { NewEvent } from '../../src/intake/record.ts'
import { lanes } from '../../src/lib/lane.ts'
import type { Workshop } from './workshop.ts'

/** Lets events be looked at: history behind what is new, a crowd on one account beside everybody else and one at a time. */
export async function handToTriage(
  { db, enqueueMany }: Pick<Workshop, 'db' | 'enqueueMany'>,
  events: readonly NewEvent[],
): Promise<void> {
  const crowded = await findCrowded(db, events)
  const isLive = ({ lane }: NewEvent): boolean => lane <= lanes.live
  for (const queue of ['triage', 'crowd'] as const) {
    const here = events.filter(({ id }) => crowded.has(id) === (queue === 'crowd'))
    const [live, later] = [here.filter(isLive), here.filter((event) => !isLive(event))]
    await enqueueMany(queue, live.map(toPayload), { lane: 'live' })
    await enqueueMany(queue, later.map(toPayload), { lane: 'backfill' })
  }
}

function toPayload({ id: eventId }: NewEvent): { eventId: NewEvent['id'] } {
  return { eventId }
}
