import { sql } from 'kysely'
import type { Db } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'

/**
 * Takes or renews the right to listen on an account. One listener per account: two sessions on one Zalo account evict
 * each other. Returns the fence of this ownership, or null while another process holds the lease. `heardUntil`: its
 * connection was surely up until then.
 */
export async function holdListener(
  db: Db,
  id: AccountId,
  owner: string,
  now: Date,
  leaseMs: number,
  heardUntil: Date | null = null,
): Promise<string | null> {
  const held = await db
    .updateTable('accounts')
    .set((set) => ({
      listener: owner,
      listenerUntil: plusMs(now, leaseMs),
      ...(heardUntil === null ? {} : { heardUntil: sql<Date>`greatest(heard_until, ${heardUntil})` }),
      listenerFence: set
        .case()
        .when('listener', '=', owner)
        .then(set.ref('listenerFence'))
        .else(set('listenerFence', '+', '1'))
        .end(),
    }))
    .where('id', '=', id)
    .where((where) =>
      where.or([where('listener', 'is', null), where('listener', '=', owner), where('listenerUntil', '<', now)]),
    )
    .returning('listenerFence')
    .executeTakeFirst()
  return held?.listenerFence ?? null
}

export async function releaseListener(db: Db, id: AccountId, owner: string, now: Date): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ listener: null, listenerUntil: now })
    .where('id', '=', id)
    .where('listener', '=', owner)
    .execute()
}
