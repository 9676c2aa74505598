import { moveCase } from '../cases/move.ts'
import { appendHistory, getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { officerTexts } from '../texts/officer.ts'

/** Our own answer was taken away on the platform: the case is no longer published. Null: it was no answer of ours. */
export async function markAnswerRemoved(tx: Tx, removal: StoredEvent, now: Date): Promise<CaseId | null> {
  if (removal.messageId === null) return null
  const removed = await tx
    .updateTable('outbox')
    .set({ state: 'removed', nextLookAt: null, changedAt: now })
    .where('accountId', '=', removal.accountId)
    .where('messageId', '=', removal.messageId)
    .where('audience', '!=', 'officer')
    .where('state', 'in', ['sent', 'confirmed'])
    .returning(['id', 'caseId', 'kind'])
    .executeTakeFirst()
  if (removed === undefined || removed.caseId === null || removed.kind !== 'answer') return null
  const { caseId } = removed
  const wasPublished = await moveCase(tx, caseId, 'published', 'assigned', now)
  if (!wasPublished) await moveCase(tx, caseId, 'answered', 'assigned', now)
  await appendHistory(tx, { caseId, what: 'answer_removed', details: { outboxId: removed.id } }, now)
  const about = await getCase(tx, caseId)
  await tellWorkers(tx, about, removal.id, officerTexts.answerRemoved(about.code), now)
  return caseId
}
