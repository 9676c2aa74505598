import type { Tx } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId, OutboxId } from '../lib/ids.ts'
import { officerTexts } from '../texts/officer.ts'
import { confirmEffect } from './confirm.ts'
import { unpublish } from './unpublish.ts'

/**
 * Our own answer was taken away on the platform: the case is no longer published. Null: it was no answer of ours, or we
 * had taken it down ourselves.
 */
export async function markAnswerRemoved(tx: Tx, removal: StoredEvent, now: Date): Promise<CaseId | null> {
  const { accountId, messageId } = removal
  if (messageId === null) return null
  const ordered = await takingDown(tx, { accountId, messageId })
  if (ordered !== null) {
    await confirmEffect(tx, ordered, null, now)
    return null
  }
  const about = await unpublish(tx, { accountId, messageId }, now)
  if (about === null) return null
  await tellWorkers(tx, about, removal.id, officerTexts.answerRemoved(about.code), now)
  return about.id
}

/** The row by which we take this down just now. */
async function takingDown(
  tx: Tx,
  { accountId, messageId }: Pick<StoredEvent, 'accountId'> & { messageId: string },
): Promise<OutboxId | null> {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('accountId', '=', accountId)
    .where('targetId', '=', messageId)
    .where('kind', '=', 'delete')
    .where('state', 'in', ['sending', 'sent', 'unknown', 'needs_person'])
    .executeTakeFirst()
  return row?.id ?? null
}
