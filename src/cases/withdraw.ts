import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { moveCase } from './move.ts'
import { appendHistory, lockCase } from './store.ts'

/** The resident took the question back: what has not left yet stays here. Null: it is no case's first message. */
export async function withdrawRemoved(tx: Tx, removal: StoredEvent, now: Date): Promise<CaseId | null> {
  if (removal.messageId === null) return null
  const found = await tx
    .selectFrom('cases')
    .innerJoin('events', 'events.id', 'cases.originEventId')
    .select('cases.id')
    .where('events.accountId', '=', removal.accountId)
    .where('events.messageId', '=', removal.messageId)
    .executeTakeFirst()
  if (found === undefined) return null
  const before = await lockCase(tx, found.id)
  if (before.status !== 'received' && before.status !== 'assigned' && before.status !== 'answered') return null
  await moveCase(tx, found.id, before.status, 'withdrawn', now)
  await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: 'withdrawn', changedAt: now })
    .where('caseId', '=', found.id)
    .where('audience', '!=', 'officer')
    .where('state', '=', 'pending')
    .execute()
  await appendHistory(tx, { caseId: found.id, what: 'withdrawn' }, now)
  return found.id
}
