import { tellGroupNews } from '../../src/channels/group-news.ts'
import { recordNext } from '../../src/intake/record.ts'
import type { Handler, JobContext } from '../run.ts'
import { handToTriage } from './hand-to-triage.ts'
import { askMeans, botOf, type Workshop, wakeSenders } from './workshop.ts'

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
      if (recorded.hasGroupNews) await followGroupNews(workshop, log)
      more = recorded.more
    }
  }
}

/** Those on duty are told, and what waits for a group that is open again goes on. */
async function followGroupNews(workshop: Workshop, log: JobContext['log']): Promise<void> {
  const { db, clock } = workshop
  await tellGroupNews(db, askMeans(workshop).chatAddress, log, clock())
  wakeSenders(workshop)
}
