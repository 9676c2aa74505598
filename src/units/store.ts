import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import { vietnamDay } from '../lib/clock.ts'
import type { OfficerId, UnitId } from '../lib/ids.ts'
import type { Duty } from './unit.ts'

export interface Unit {
  readonly id: UnitId
  readonly code: string
  readonly name: string
  readonly parentId: UnitId | null
  readonly signature: string
}

export async function findUnit(db: Db | Tx, id: UnitId): Promise<Unit> {
  return db
    .selectFrom('units')
    .select(['id', 'code', 'name', 'parentId', 'signature'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** All units, for deciding; a province has some hundreds. */
export async function listUnits(db: Db | Tx): Promise<Unit[]> {
  return db.selectFrom('units').select(['id', 'code', 'name', 'parentId', 'signature']).execute()
}

/** Who holds `duty` in the unit on the day that it is in Viet Nam at that moment. */
export async function officersOnDuty(
  db: Db | Tx,
  unitId: UnitId,
  duty: Duty,
  at: Date,
): Promise<{ officerId: OfficerId }[]> {
  const day = sql<Date>`${vietnamDay(at)}::date`
  return db
    .selectFrom('duties')
    .select('officerId')
    .distinct()
    .where('unitId', '=', unitId)
    .where('duty', '=', duty)
    .where('validFrom', '<=', day)
    .where((where) => where.or([where('validTo', 'is', null), where('validTo', '>=', day)]))
    .execute()
}

/** Whether the officer holds the duty that day: in that unit, or, where none is named, in any. */
export async function isOnDuty(
  db: Db | Tx,
  officerId: OfficerId,
  duty: Duty,
  at: Date,
  unitId: UnitId | null = null,
): Promise<boolean> {
  const day = sql<Date>`${vietnamDay(at)}::date`
  const held = await db
    .selectFrom('duties')
    .select('id')
    .where('officerId', '=', officerId)
    .where('duty', '=', duty)
    .$if(unitId !== null, (query) => query.where('unitId', '=', unitId))
    .where('validFrom', '<=', day)
    .where((where) => where.or([where('validTo', 'is', null), where('validTo', '>=', day)]))
    .executeTakeFirst()
  return held !== undefined
}

export async function officerName(db: Db | Tx, id: OfficerId): Promise<string> {
  const officer = await db.selectFrom('officers').select('displayName').where('id', '=', id).executeTakeFirstOrThrow()
  return officer.displayName
}
