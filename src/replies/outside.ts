import { openStatuses } from '../cases/case.ts'
import { moveCase } from '../cases/move.ts'
import { appendHistory, lockCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { cancelForResidents } from '../outbox/cancel.ts'
import { officerTexts } from '../texts/officer.ts'

/**
 * The account wrote under a question that waits, and not through us: a person answered on the platform itself. Nothing
 * is posted a second time; who has the case is told, and may say that it was no answer.
 */
export async function markAnsweredOutside(tx: Tx, written: StoredEvent, now: Date): Promise<CaseId[]> {
  const waiting = await tx
    .selectFrom('cases')
    .select('id')
    .where('accountId', '=', written.accountId)
    .where('threadKey', '=', written.threadKey)
    .where('status', 'in', openStatuses)
    .where('openedAt', '<=', now)
    .orderBy('id')
    .execute()
  const marked: CaseId[] = []
  for (const { id } of waiting) if (await markOne(tx, id, written, now)) marked.push(id)
  return marked
}

async function markOne(tx: Tx, id: CaseId, written: StoredEvent, now: Date): Promise<boolean> {
  const waiting = await lockCase(tx, id)
  const { status } = waiting
  if (status !== 'received' && status !== 'assigned' && status !== 'answered') return false
  if (await isOlderThanQuestion(tx, id, written)) return false
  await moveCase(tx, id, status, 'answered_outside', now)
  await cancelForResidents(tx, id, 'answered_outside', now)
  await appendHistory(tx, { caseId: id, what: 'answered_outside', details: { eventId: written.id } }, now)
  await tellWorkers(tx, waiting, written.id, officerTexts.answeredOutside(waiting.code), now)
  return true
}

/** A backfill brings old words of ours again: what was written before the question did not answer it. */
async function isOlderThanQuestion(tx: Tx, id: CaseId, written: StoredEvent): Promise<boolean> {
  const question = await tx
    .selectFrom('cases')
    .innerJoin('events', 'events.id', 'cases.originEventId')
    .select('events.occurredAt')
    .where('cases.id', '=', id)
    .executeTakeFirstOrThrow()
  return written.occurredAt < question.occurredAt
}
