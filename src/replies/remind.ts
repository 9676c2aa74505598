import { appendHistory, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { afterQuiet, beforeQuiet, isQuiet } from '../dispatch/quiet.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import { longestWindowMs, windowIn } from '../intake/window.ts'
import { plusMs } from '../lib/clock.ts'
import { type CaseId, newId, OutboxId } from '../lib/ids.ts'
import { modeOf } from '../publishing/modes.ts'
import { answeringTexts } from '../texts/answering.ts'
import { latestDirect } from './destination.ts'

const hour = 3_600_000
/** A reminder that leaves less is none. */
const leastMs = hour / 2
/** So long before the quiet hours begin, where after them it would be too late. */
const beforeNightMs = hour / 4
/** For so long it is still worth saying that a window has ended. */
const overMs = 24 * hour

/**
 * Pure. When the officers are reminded that a window ends: `leftMs` before, but not at night, where that can
 * wait; where it cannot, on the evening before.
 */
export function remindAt(end: Date, urgent: boolean, leftMs = 6 * hour): Date {
  const due = plusMs(end, -leftMs)
  if (urgent || !isQuiet(due)) return due
  const morning = afterQuiet(due)
  return plusMs(morning, leastMs) <= end ? morning : plusMs(beforeQuiet(due), -beforeNightMs)
}

/**
 * Reminds, once a window, of every question in private that nobody has answered, before it ends and when it has. Returns
 * how many reminders it were.
 */
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
    .where('events.occurredAt', '>', plusMs(now, -longestWindowMs - overMs))
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
      const window = direct === null ? null : await windowIn(tx, about.accountId, direct.place.id)
      if (direct === null || window === null) return false
      const { end, remindMs } = window
      const what = now >= end ? 'window_over' : 'window_reminder'
      if (now < remindAt(end, about.urgent, remindMs) || now >= plusMs(end, overMs)) return false
      if (!about.urgent && isQuiet(now)) return false
      if ((await modeOf(tx, { ...about, place: direct.place })) === 'listen_only') return false
      if (await wasReminded(tx, id, what, end)) return false
      const text = what === 'window_over' ? answeringTexts.windowOver : answeringTexts.reminder
      await tellWorkers(tx, about, newId(OutboxId, now), text(about.code, end), now)
      const details = { until: end.toISOString() }
      await appendHistory(tx, { caseId: id, what, details }, now)
      return true
    },
  )
}

/** Each new message of the person begins another window. */
async function wasReminded(tx: Tx, caseId: CaseId, what: string, end: Date): Promise<boolean> {
  const rows = await tx
    .selectFrom('caseHistory')
    .select('details')
    .where('caseId', '=', caseId)
    .where('what', '=', what)
    .execute()
  const until = JSON.stringify({ until: end.toISOString() })
  return rows.some(({ details }) => JSON.stringify(details) === until)
}
