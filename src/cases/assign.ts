import type { Tx } from '../db/client.ts'
import type { CaseId, RuleId, UnitId } from '../lib/ids.ts'
import { moveCase } from './move.ts'

/** Hands the received case to a unit and a duty. False: somebody had already. */
export async function assignCase(
  tx: Tx,
  id: CaseId,
  to: { unitId: UnitId; duty: string; ruleId: RuleId | null },
  now: Date,
): Promise<boolean> {
  if (!(await moveCase(tx, id, 'received', 'assigned', now))) return false
  await tx
    .updateTable('cases')
    .set({ assignedUnitId: to.unitId, assignedDuty: to.duty, ruleId: to.ruleId })
    .where('id', '=', id)
    .execute()
  return true
}
