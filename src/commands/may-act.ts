import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { OfficerId } from '../lib/ids.ts'
import { officersOnDuty } from '../units/store.ts'
import { Duty } from '../units/unit.ts'

/** Only who holds the duty that the case was given to, today, may act on it. Before it is routed nobody may. */
export async function mayAct(tx: Tx, officerId: OfficerId, on: Case, now: Date): Promise<boolean> {
  const duty = Duty.safeParse(on.assignedDuty)
  if (on.assignedUnitId === null || !duty.success) return false
  const officers = await officersOnDuty(tx, on.assignedUnitId, duty.data, now)
  return officers.some((officer) => officer.officerId === officerId)
}
