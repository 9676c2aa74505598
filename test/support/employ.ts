import { randomUUID } from 'node:crypto'
import type { Db } from '../../src/db/client.ts'
import type { Duty } from '../../src/units/unit.ts'

/** Gives somebody of the town another duty. */
export async function employ(db: Db, name: string, duty: Duty, unit = 'xa-cat-ngan'): Promise<void> {
  const { id: officerId } = await db
    .selectFrom('officers')
    .select('id')
    .where('displayName', '=', name)
    .executeTakeFirstOrThrow()
  const { id: unitId } = await db.selectFrom('units').select('id').where('code', '=', unit).executeTakeFirstOrThrow()
  await db.insertInto('duties').values({ id: randomUUID(), officerId, unitId, duty, validFrom: '2025-07-01' }).execute()
}
