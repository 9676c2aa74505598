import type { Tx } from '../db/client.ts'
import type { CaseId, OutboxId } from '../lib/ids.ts'
import { backToPending } from '../outbox/back-to-pending.ts'
import { confirmEffect } from './confirm.ts'

/**
 * A person has looked: what was intended last stands there or is done, or it is not and is tried again. False: nothing was
 * waiting for that.
 */
export async function settleByHand(tx: Tx, caseId: CaseId, seen: 'present' | 'absent', now: Date): Promise<boolean> {
  const row = await findWaiting(tx, caseId)
  if (row === null) return false
  if (seen === 'present') return confirmEffect(tx, row, null, now)
  await tx
    .updateTable('outbox')
    .set({ state: backToPending(), dueAt: now, looks: 0, ifAbsent: null, changedAt: now })
    .where('id', '=', row)
    .where('state', '=', 'needs_person')
    .execute()
  return true
}

async function findWaiting(tx: Tx, caseId: CaseId): Promise<OutboxId | null> {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('caseId', '=', caseId)
    .where('audience', '!=', 'officer')
    .where('kind', '!=', 'acknowledgement')
    .where('state', '=', 'needs_person')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row?.id ?? null
}
