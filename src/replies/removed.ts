import type { Tx } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { officerTexts } from '../texts/officer.ts'
import { confirmEffect } from './confirm.ts'
import { orderToTakeDown } from './standing.ts'
import { unpublish } from './unpublish.ts'

/**
 * Our own answer was taken away on the platform: the case is no longer published. Null: it was no answer of ours, or we
 * had taken it down ourselves.
 */
export async function markAnswerRemoved(tx: Tx, removal: StoredEvent, now: Date): Promise<CaseId | null> {
  const { accountId, messageId } = removal
  if (messageId === null) return null
  const underWay = ['sending', 'sent', 'unknown', 'needs_person'] as const
  const ordered = await orderToTakeDown(tx, { accountId, messageId }, underWay)
  if (ordered !== null) {
    await confirmEffect(tx, ordered, null, now)
    return null
  }
  const about = await unpublish(tx, { accountId, messageId }, now)
  if (about === null) return null
  await tellWorkers(tx, about, removal.id, officerTexts.answerRemoved(about.code), now)
  return about.id
}
