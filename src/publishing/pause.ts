import type { Db, Tx } from '../db/client.ts'
import type { UnitId } from '../lib/ids.ts'
import { frozenUntil } from './freezes.ts'

/** Nothing that residents can read leaves at the moment: until then, or (null) until somebody lets it go on. */
export interface Pause {
  readonly until: Date | null
  /** Only this group takes nothing, and until it does. */
  readonly closedGroup?: { readonly name: string; readonly standing: string }
}

/** Null: what may leave does. */
export async function pauseOf(db: Db | Tx, unitId: UnitId, now: Date): Promise<Pause | null> {
  const { isOn } = await db
    .selectFrom('switches')
    .select('isOn')
    .where('name', '=', 'publishing')
    .executeTakeFirstOrThrow()
  if (!isOn) return { until: null }
  const until = await frozenUntil(db, unitId, now)
  return until === null ? null : { until }
}
