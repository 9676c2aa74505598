import type { Db } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId, OutboxId } from '../lib/ids.ts'

/** Groups of the account of which it should be asked now how they stand: never asked, not for long, or there is cause. */
export async function groupsToLookAt(
  db: Db,
  accountId: AccountId,
  now: Date,
  { everyMs, againMs }: { readonly everyMs: number; readonly againMs: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('groups')
    .select('externalId')
    .where('accountId', '=', accountId)
    .where((group) =>
      group.or([
        group('lookedAt', 'is', null),
        group('lookedAt', '<=', plusMs(now, -everyMs)),
        group.and([group('lookWantedAt', '>', group.ref('lookedAt')), group('lookedAt', '<=', plusMs(now, -againMs))]),
      ]),
    )
    .orderBy('externalId')
    .execute()
  return rows.map(({ externalId }) => externalId)
}

/** The account was away: what happened to its groups meanwhile nobody told. */
export async function wantGroupLooks(db: Db, accountId: AccountId, now: Date): Promise<void> {
  await db.updateTable('groups').set({ lookWantedAt: now }).where('accountId', '=', accountId).execute()
}

/** A message to a group was not taken: perhaps the group takes none any more. */
export async function wantGroupLook(db: Db, outboxId: OutboxId, now: Date): Promise<void> {
  await db
    .updateTable('groups')
    .from('outbox')
    .set({ lookWantedAt: now })
    .where('outbox.id', '=', outboxId)
    .where('outbox.placeKind', '=', 'group')
    .whereRef('groups.accountId', '=', 'outbox.accountId')
    .whereRef('groups.externalId', '=', 'outbox.placeId')
    .execute()
}
