import type { Tx } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'

/** Takes back what residents would have read of this case and what has not left yet. */
export async function cancelForResidents(tx: Tx, caseId: CaseId, reason: string, now: Date): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: reason, changedAt: now })
    .where('caseId', '=', caseId)
    .where('audience', '!=', 'officer')
    .where('state', '=', 'pending')
    .execute()
}
