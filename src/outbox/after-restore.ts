import { sql } from 'kysely'
import { type Db, transaction } from '../db/client.ts'

/**
 * A backup is older than the platforms: what it calls unsent may have been sent since. After a restore all of that is
 * looked for before anything is sent, so that bringing the store back never says something twice.
 */
export async function distrustUnsent(db: Db, now: Date): Promise<number> {
  return transaction(db, 'distrust-unsent', async (tx) => {
    const rows = await tx
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
      .where('state', 'in', ['pending', 'sending'])
      .executeTakeFirst()
    return Number(rows.numUpdatedRows)
  })
}
