import type { Tx } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'
import { appendHistory } from './store.ts'

/** A later message tells of danger: from now on whatever concerns the case goes first. */
export async function markUrgent(tx: Tx, id: CaseId, now: Date): Promise<void> {
  await tx
    .updateTable('cases')
    .set((set) => ({ urgent: true, version: set('version', '+', 1), changedAt: now }))
    .where('id', '=', id)
    .execute()
  await appendHistory(tx, { caseId: id, what: 'became_urgent' }, now)
}
