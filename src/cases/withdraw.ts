import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { cancelForResidents } from '../outbox/cancel.ts'
import { openStatuses } from './case.ts'
import { moveCase } from './move.ts'
import { appendHistory, lockCase } from './store.ts'

/**
 * The resident took the question back, or the post it stood under is gone: what has not left yet stays here. Returns the
 * cases that were withdrawn by it.
 */
export async function withdrawRemoved(tx: Tx, removal: StoredEvent, now: Date): Promise<CaseId[]> {
  if (removal.messageId === null) return []
  const opened = tx
    .selectFrom('cases')
    .innerJoin('events', 'events.id', 'cases.originEventId')
    .select('cases.id')
    .where('events.accountId', '=', removal.accountId)
    .where('cases.status', 'in', openStatuses)
    .orderBy('cases.id')
  const found =
    removal.kind === 'post_remove'
      ? opened.where('events.placeKind', '=', 'post').where('events.placeId', '=', removal.messageId)
      : opened.where('events.messageId', '=', removal.messageId)
  const withdrawn: CaseId[] = []
  for (const { id } of await found.execute()) if (await withdraw(tx, id, now)) withdrawn.push(id)
  return withdrawn
}

async function withdraw(tx: Tx, id: CaseId, now: Date): Promise<boolean> {
  const { status } = await lockCase(tx, id)
  if (status !== 'received' && status !== 'assigned' && status !== 'answered') return false
  await moveCase(tx, id, status, 'withdrawn', now)
  await cancelForResidents(tx, id, 'withdrawn', now)
  await appendHistory(tx, { caseId: id, what: 'withdrawn' }, now)
  return true
}
