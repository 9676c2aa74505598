import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import { vietnamDay } from '../lib/clock.ts'
import type { OfficerId, UnitId } from '../lib/ids.ts'
import { listUnits } from './store.ts'
import { lineage } from './tree.ts'

/** Whether the officer holds any duty that day in the unit or in one above it: who serves a commune serves its hamlets. */
export async function servesUnit(db: Db | Tx, officerId: OfficerId, unitId: UnitId, at: Date): Promise<boolean> {
  const day = sql<Date>`${vietnamDay(at)}::date`
  const units = lineage(await listUnits(db), unitId).map(({ id }) => id)
  if (units.length === 0) return false
  const held = await db
    .selectFrom('duties')
    .select('id')
    .where('officerId', '=', officerId)
    .where('unitId', 'in', units)
    .where('validFrom', '<=', day)
    .where((where) => where.or([where('validTo', 'is', null), where('validTo', '>=', day)]))
    .limit(1)
    .executeTakeFirst()
  return held !== undefined
}
