import { getAccount } from '../accounts/store.ts'
import type { Db, Tx } from '../db/client.ts'
import type { EventId } from '../lib/ids.ts'
import type { InboundEvent } from './event.ts'
import { eventRow } from './event-row.ts'
import { findEvent, type StoredEvent } from './store.ts'

/** What was written under this id in the same place, if we have it; nobody else looks at it until the transaction ends. */
export async function findByMessage(
  tx: Tx,
  { accountId, place }: Pick<StoredEvent, 'accountId' | 'place'>,
  messageId: string,
): Promise<StoredEvent | null> {
  const row = await tx
    .selectFrom('events')
    .select('id')
    .where('accountId', '=', accountId)
    .where('messageId', '=', messageId)
    .where('placeId', '=', place.id)
    .where('kind', 'in', ['message', 'echo'])
    .orderBy('recordedAt')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : findEvent(tx, row.id)
}

/** Who wrote what stands under this id in the same place, as far as we have it. */
export async function writtenBy(
  db: Db,
  { accountId, place }: Pick<StoredEvent, 'accountId' | 'place'>,
  messageId: string,
): Promise<{ readonly kind: string; readonly authorId: string | null } | null> {
  const row = await db
    .selectFrom('events')
    .select(['kind', 'authorId'])
    .where('accountId', '=', accountId)
    .where('messageId', '=', messageId)
    .where('placeId', '=', place.id)
    .where('kind', 'in', ['message', 'echo'])
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/**
 * Records a message that never came to us by what another one tells of it in its quote. It gets the key that it would have
 * had, so should it come after all it is known. Null: the quote does not tell enough.
 */
export async function recordQuoted(
  tx: Tx,
  quoting: StoredEvent,
  told: (delivery: { accountExternalId: string; body: Buffer }, messageId: string) => InboundEvent | null,
  now: Date,
): Promise<StoredEvent | null> {
  const delivery = await tx
    .selectFrom('events')
    .innerJoin('deliveries', 'deliveries.id', 'events.deliveryId')
    .select(['deliveries.id', 'deliveries.body', 'events.lane'])
    .where('events.id', '=', quoting.id)
    .executeTakeFirst()
  if (delivery === undefined || quoting.messageId === null) return null
  const account = await getAccount(tx, quoting.accountId)
  const quoted = told({ accountExternalId: account.externalId, body: delivery.body }, quoting.messageId)
  if (quoted === null || quoted.messageId !== quoting.quotedMessageId) return null
  if (quoted.text === null && quoted.attachments.length === 0) return null
  const row = eventRow(quoted, delivery, account, now)
  const inserted = await tx
    .insertInto('events')
    .values(row)
    .onConflict((conflict) => conflict.columns(['accountId', 'dedupeKey']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted === undefined ? null : findEvent(tx, inserted.id)
}

/** What was looked at and left alone is to be looked at again. */
export async function reopenEvent(tx: Tx, id: EventId): Promise<void> {
  await tx.updateTable('events').set({ outcome: null, closedAt: null }).where('id', '=', id).execute()
}
