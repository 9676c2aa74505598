import type { Tx } from '../db/client.ts'
import type { CaseId, OutboxId } from '../lib/ids.ts'
import { backToPending } from '../outbox/back-to-pending.ts'
import { confirmEffect } from './confirm.ts'

/** A person has looked: the answer stands there, or it does not and is sent again. False: none was waiting for that. */
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
    .where('kind', '=', 'answer')
    .where('state', '=', 'needs_person')
    .forUpdate()
    .executeTakeFirst()
  return row?.id ?? null
}
