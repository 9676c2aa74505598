import { sql } from 'kysely'
import { type Db, transaction } from '../db/client.ts'
import type { EventId } from '../lib/ids.ts'
import { storable } from '../lib/text.ts'
import type { Attachment } from './event.ts'
import type { Facts } from './lookup.ts'
import type { StoredEvent } from './store.ts'

/**
 * The look-up is over: the event keeps what was found in place of what was missing, and never the other way round. What
 * the account itself turns out to have written becomes an echo. False: it was over before.
 */
export async function endLookup(
  db: Db,
  event: StoredEvent,
  facts: Facts | null,
  isOwn: boolean,
  now: Date,
): Promise<boolean> {
  return transaction(db, 'save-lookup', async (tx) => {
    const { author, text, attachments } = facts ?? { author: null, text: null, attachments: [] }
    const saved = await tx
      .updateTable('events')
      .set({
        lookedUpAt: now,
        ...(isOwn ? { kind: 'echo' } : {}),
        ...(event.authorId === null && author !== null ? { authorId: storable(author.id) } : {}),
        ...(event.authorName === null && author?.name != null ? { authorName: storable(author.name) } : {}),
        ...(event.text === null && text !== null ? { text: storable(text) } : {}),
        ...(event.attachments.length === 0 ? { attachments: storableJson(attachments) } : {}),
      })
      .where('id', '=', event.id)
      .where('lookedUpAt', 'is', null)
      .where('closedAt', 'is', null)
      .executeTakeFirst()
    return saved.numUpdatedRows > 0n
  })
}

/** Counts one more look-up that brought nothing yet; returns how many there were. */
export async function countLookup(db: Db, id: EventId): Promise<number> {
  const { lookUps } = await db
    .updateTable('events')
    .set({ lookUps: sql<number>`look_ups + 1` })
    .where('id', '=', id)
    .returning('lookUps')
    .executeTakeFirstOrThrow()
  return lookUps
}

function storableJson(attachments: readonly Attachment[]): string {
  return JSON.stringify(attachments, (_key, inner) => (typeof inner === 'string' ? storable(inner) : inner))
}
