import type { Tx } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'
import { OutboundKind, outsiders } from './outbound.ts'

/**
 * Takes back what residents would have read of this case and what has not left yet; of some kinds, or of all. False: there
 * was nothing of that.
 */
export async function cancelForResidents(
  tx: Tx,
  caseId: CaseId,
  reason: string,
  now: Date,
  kinds: readonly OutboundKind[] = OutboundKind.options,
): Promise<boolean> {
  const cancelled = await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: reason, changedAt: now })
    .where('caseId', '=', caseId)
    .where('audience', 'in', outsiders)
    .where('kind', 'in', kinds)
    .where('state', 'in', ['held', 'pending'])
    .executeTakeFirst()
  return cancelled.numUpdatedRows > 0n
}
