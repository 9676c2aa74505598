import type { Tx } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'
import type { CaseStatus, caseTransitions } from './case.ts'

/** Moves the case only if it is still where the caller saw it; false means somebody else moved it first. */
export async function moveCase<From extends CaseStatus>(
  tx: Tx,
  id: CaseId,
  from: From,
  to: (typeof caseTransitions)[From][number],
  now: Date,
): Promise<boolean> {
  const moved = await tx
    .updateTable('cases')
    .set((set) => ({ status: to, version: set('version', '+', 1), changedAt: now }))
    .where('id', '=', id)
    .where('status', '=', from)
    .executeTakeFirst()
  return moved.numUpdatedRows > 0n
}
