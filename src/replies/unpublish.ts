import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case, getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { AccountId } from '../lib/ids.ts'

/**
 * A text of ours stands on the platform no more. Was it the answer, its case waits for one again. Null: it was no answer,
 * or that was written down before.
 */
export async function unpublish(
  tx: Tx,
  { accountId, messageId }: { accountId: AccountId; messageId: string },
  now: Date,
): Promise<Case | null> {
  const removed = await tx
    .updateTable('outbox')
    .set({ state: 'removed', nextLookAt: null, changedAt: now })
    .where('accountId', '=', accountId)
    .where('messageId', '=', messageId)
    .where('audience', 'in', ['public', 'resident'])
    .where('state', 'in', ['sent', 'confirmed'])
    .returning(['id', 'caseId', 'kind'])
    .executeTakeFirst()
  if (removed === undefined || removed.caseId === null || removed.kind !== 'answer') return null
  const { caseId } = removed
  const wasPublished = await moveCase(tx, caseId, 'published', 'assigned', now)
  if (!wasPublished) await moveCase(tx, caseId, 'answered', 'assigned', now)
  await appendHistory(tx, { caseId, what: 'answer_removed', details: { outboxId: removed.id } }, now)
  return getCase(tx, caseId)
}
