import { sql } from 'kysely'
import { type Db, transaction } from '../db/client.ts'
import { restoredMark } from '../db/load.ts'

/**
 * A backup is older than the platforms: what it calls unsent may have been sent since. After a restore, and before
 * anything else, all of that is to be looked for before it is sent, so that bringing the store back never says
 * something twice. Null: this store was not just restored.
 */
export async function distrustUnsent(db: Db, now: Date): Promise<number | null> {
  return transaction(
    db,
    (rows) => (rows === null ? null : 'distrust-unsent'),
    async (tx): Promise<number | null> => {
      const { rows } = await sql<{ isRestored: boolean }>`
        select to_regnamespace(${restoredMark}) is not null as "isRestored"`.execute(tx)
      if (rows[0]?.isRestored !== true) return null
      await sql`drop schema ${sql.id(restoredMark)}`.execute(tx)
      const distrusted = await tx
        .updateTable('outbox')
        .set({
          state: 'unknown',
          ifAbsent: 'retry',
          errorCode: 'restored',
          nextLookAt: now,
          looks: 0,
          changedAt: now,
          firstClaimedAt: sql<Date>`coalesce(first_claimed_at, created_at)`,
          claimedAt: sql<Date>`coalesce(claimed_at, created_at)`,
          attemptEndedAt: now,
        })
        .where('state', 'in', ['held', 'pending', 'sending'])
        .executeTakeFirst()
      return Number(distrusted.numUpdatedRows)
    },
  )
}
