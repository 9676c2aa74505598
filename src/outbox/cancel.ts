import type { Tx } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'
import { OutboundKind, outsiders } from './outbound.ts'

/** Takes back what residents would have read of this case and what has not left yet; of one kind, or of all. */
export async function cancelForResidents(
  tx: Tx,
  caseId: CaseId,
  reason: string,
  now: Date,
  kinds: readonly OutboundKind[] = OutboundKind.options,
): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: reason, changedAt: now })
    .where('caseId', '=', caseId)
    .where('audience', 'in', outsiders)
    .where('kind', 'in', kinds)
    .where('state', 'in', ['held', 'pending'])
    .execute()
}
