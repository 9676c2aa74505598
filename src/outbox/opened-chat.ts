import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId, CaseId, OutboxId } from '../lib/ids.ts'

/** For so long what the person writes in the chat that a private reply opened belongs to its case. */
const belongsForMs = 7 * 24 * 3_600_000

/** Only now it is known whose chat a private reply has opened: a comment does not tell. */
export async function openedChat(tx: Tx, id: OutboxId, personId: string): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ placeId: personId })
    .where('id', '=', id)
    .where('kind', '=', 'private_reply')
    .where('placeId', '!=', personId)
    .execute()
}

/** The case whose private reply opened this chat not long ago; null: none did. */
export async function caseOfChat(
  db: Db | Tx,
  { accountId, personId, at }: { accountId: AccountId; personId: string; at: Date },
): Promise<CaseId | null> {
  const row = await db
    .selectFrom('outbox')
    .select(sql<CaseId>`case_id`.as('caseId'))
    .where('accountId', '=', accountId)
    .where('kind', '=', 'private_reply')
    .where('placeId', '=', personId)
    .where('state', 'in', ['sending', 'sent', 'unknown', 'confirmed', 'needs_person'])
    .where('claimedAt', '>', plusMs(at, -belongsForMs))
    .orderBy('claimedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.caseId ?? null
}
