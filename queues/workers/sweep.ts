import { tellGroupNews } from '../../src/channels/group-news.ts'
import { tellOfficialNews } from '../../src/channels/official-news.ts'
import type { Db } from '../../src/db/client.ts'
import { unroutedCases } from '../../src/dispatch/unrouted.ts'
import { forgottenFiles } from '../../src/files/store.ts'
import type { NewEvent } from '../../src/intake/record.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { dueForLook } from '../../src/outbox/reconcile.ts'
import { markUnknown } from '../../src/outbox/settle.ts'
import { askWaiting } from '../../src/replies/approval.ts'
import { remindOfWindows } from '../../src/replies/remind.ts'
import type { Handler } from '../run.ts'
import { handToTriage } from './hand-to-triage.ts'
import { askMeans, type Workshop, wakeSenders } from './workshop.ts'

/** More are found by the next sweep. */
const AT_ONCE = 1_000

/** Finds rows without progress and hands them over again: a lost queue, a crash between commit and enqueue. */
export function sweepWorker(workshop: Workshop): Handler<'sweep'> {
  return async (_payload, { log }) => {
    const found = await sweep(workshop, workshop.pacing.forgottenAfterMs)
    if (found > 0) log.warn({ found }, 'forgotten rows handed over again')
    const reminded = await remindOfWindows(workshop.db, workshop.clock())
    const means = askMeans(workshop)
    const officialNews = await tellOfficialNews(workshop.db, means.chatAddress, workshop.clock())
    const groupNews = await tellGroupNews(workshop.db, means.chatAddress, log, workshop.clock())
    if (reminded + officialNews > 0 || groupNews) wakeSenders(workshop)
    const { asked, nobody } = await askWaiting(workshop.db, means, workshop.clock())
    // Also those are told to whom nobody could say it: the process may have died right after it held their answer.
    if (asked + nobody > 0) wakeSenders(workshop)
    if (nobody > 0) log.warn({ answers: nobody }, 'answers are held that nobody can be asked to approve')
  }
}

/** Hands over again every row older than `forgottenAfterMs`; 0 at start, when nothing is under way yet. */
export async function sweep(workshop: Workshop, forgottenAfterMs: number): Promise<number> {
  const { db, clock, pacing } = workshop
  const now = clock()
  const before = plusMs(now, -forgottenAfterMs)
  await workshop.wake('intake').catch(() => {})
  const events = await forgottenEvents(db, before)
  await handToTriage(workshop, events)
  const cases = await unroutedCases(db, before, AT_ONCE)
  await workshop.enqueueMany(
    'route',
    cases.map((caseId) => ({ caseId })),
    { lane: 'live' },
  )
  const files = await forgottenFiles(db, before, AT_ONCE)
  await workshop.enqueueMany(
    'files',
    files.map((eventId) => ({ eventId })),
    { lane: 'backfill' },
  )
  const unknown = await markUnknown(db, now, pacing.sendingGraceMs)
  const due = await dueForLook(db, now, AT_ONCE)
  await workshop.enqueueMany(
    'reconcile',
    due.map((outboxId) => ({ outboxId })),
    { lane: 'live' },
  )
  wakeSenders(workshop)
  return events.length + cases.length + unknown.length
}

async function forgottenEvents(db: Db, before: Date): Promise<NewEvent[]> {
  return db
    .selectFrom('events')
    .select(['id', 'accountId', 'lane'])
    .where('closedAt', 'is', null)
    .where('recordedAt', '<=', before)
    .orderBy('lane')
    .orderBy('recordedAt')
    .limit(AT_ONCE)
    .execute()
}
