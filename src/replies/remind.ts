import { appendHistory, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { afterQuiet, beforeQuiet, isQuiet } from '../dispatch/quiet.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import { longestWindowMs, windowEndIn } from '../intake/window.ts'
import { plusMs } from '../lib/clock.ts'
import { type CaseId, newId, OutboxId } from '../lib/ids.ts'
import { modeOf } from '../publishing/modes.ts'
import { answeringTexts } from '../texts/answering.ts'
import { latestDirect } from './destination.ts'

const hour = 3_600_000
/** A quarter of Messenger's 24 hours. */
const leftMs = 6 * hour
/** A reminder that leaves less is none. */
const leastMs = hour / 2
/** So long before the quiet hours begin, where after them it would be too late. */
const beforeNightMs = hour / 4

/**
 * Pure. When the officers are reminded that a window ends: some hours before, but not at night, where that can
 * wait; where it cannot, on the evening before.
 */
export function remindAt(end: Date, urgent: boolean): Date {
  const due = plusMs(end, -leftMs)
  if (urgent || !isQuiet(due)) return due
  const morning = afterQuiet(due)
  return plusMs(morning, leastMs) <= end ? morning : plusMs(beforeQuiet(due), -beforeNightMs)
}

/** Reminds, once a window, of every question in private that nobody has answered. Returns how many reminders it were. */
export async function remindOfWindows(db: Db, now: Date): Promise<number> {
  let reminded = 0
  for (const id of await waitingInPrivate(db, now)) if (await remind(db, id, now)) reminded += 1
  return reminded
}

/** Cases that wait for an answer and whose resident wrote 1:1 not long ago. */
async function waitingInPrivate(db: Db, now: Date): Promise<CaseId[]> {
  const rows = await db
    .selectFrom('cases')
    .innerJoin('caseMessages', 'caseMessages.caseId', 'cases.id')
    .innerJoin('events', 'events.id', 'caseMessages.eventId')
    .select('cases.id')
    .distinct()
    .where('cases.status', '=', 'assigned')
    .where('cases.confidentiality', '=', 'public')
    .where('events.placeKind', '=', 'direct')
    .where('events.occurredAt', '>', plusMs(now, -longestWindowMs))
    .execute()
  return rows.map(({ id }) => id)
}

async function remind(db: Db, id: CaseId, now: Date): Promise<boolean> {
  return transaction(
    db,
    (reminded) => (reminded ? 'remind-officers' : null),
    async (tx) => {
      const about = await lockCase(tx, id)
      if (about.status !== 'assigned' || about.confidentiality !== 'public') return false
      const direct = await latestDirect(tx, about)
      const end = direct === null ? null : await windowEndIn(tx, about.accountId, direct.place.id)
      if (end === null || now >= end || now < remindAt(end, about.urgent)) return false
      if (!about.urgent && isQuiet(now)) return false
      if (direct === null || (await modeOf(tx, { ...about, place: direct.place })) === 'listen_only') return false
      if (await wasReminded(tx, id, end)) return false
      await tellWorkers(tx, about, newId(OutboxId, now), answeringTexts.reminder(about.code, end), now)
      const details = { until: end.toISOString() }
      await appendHistory(tx, { caseId: id, what: 'window_reminder', details }, now)
      return true
    },
  )
}

/** Each new message of the person begins another window. */
async function wasReminded(tx: Tx, caseId: CaseId, end: Date): Promise<boolean> {
  const rows = await tx
    .selectFrom('caseHistory')
    .select('details')
    .where('caseId', '=', caseId)
    .where('what', '=', 'window_reminder')
    .execute()
  const until = JSON.stringify({ until: end.toISOString() })
  return rows.some(({ details }) => JSON.stringify(details) === until)
}
