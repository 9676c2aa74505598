import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import { notify } from '../db/notify.ts'
import type { UnitId } from '../lib/ids.ts'
import { closeGate } from './gate.ts'

/** A period in which residents hear nothing of us: elections, mourning, a visit. It ends by itself. */
export interface Freeze {
  /** With everything below it; null: everywhere. */
  readonly unitId: UnitId | null
  readonly startsAt: Date
  readonly endsAt: Date
  readonly reason: string
}

/**
 * For `with recursive`: `frozen (unit_id, until)`, the units that keep still at that moment. A chain of freezes is
 * followed to the end of the first; whoever looks again then finds the next.
 */
export function frozenAt(now: Date): RawBuilder<unknown> {
  return sql`
    freezing as (
      select u.id as unit_id, f.ends_at from freezes f join units u on f.unit_id is null or f.unit_id = u.id
      where f.starts_at <= ${now} and f.ends_at > ${now}
      union
      select u.id, above.ends_at from freezing above join units u on u.parent_id = above.unit_id
    ),
    frozen as (select unit_id, max(ends_at) as until from freezing group by unit_id)`
}

/** Until when the unit keeps still; null: it does not. */
export async function frozenUntil(db: Db | Tx, unitId: UnitId, now: Date): Promise<Date | null> {
  const found = await sql<{ until: Date }>`
    with recursive ${frozenAt(now)} select until from frozen where unit_id = ${unitId}`.execute(db)
  return found.rows[0]?.until ?? null
}

/** Freezes are one list, which is replaced as a whole. */
export async function replaceFreezes(tx: Tx, freezes: readonly Freeze[]): Promise<void> {
  await closeGate(tx)
  await tx.deleteFrom('freezes').execute()
  for (const freeze of freezes)
    await tx
      .insertInto('freezes')
      .values({ id: randomUUID(), ...freeze })
      .execute()
  await notify(tx, 'publishing')
}

/** Those that are not over yet, the next to begin first. */
export async function listFreezes(db: Db | Tx, now: Date): Promise<(Freeze & { unit: string | null })[]> {
  return db
    .selectFrom('freezes')
    .leftJoin('units', 'units.id', 'freezes.unitId')
    .select(['freezes.unitId', 'startsAt', 'endsAt', 'reason', 'units.code as unit'])
    .where('endsAt', '>', now)
    .orderBy('startsAt')
    .orderBy('endsAt')
    .execute()
}
