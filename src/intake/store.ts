import { z } from 'zod'
import type { Db, Tx } from '../db/client.ts'
import type { AccountId, EventId, UnitId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'
import { Attachment, EventKind, Place } from './event.ts'

/** An event as it was recorded. */
export interface StoredEvent {
  readonly id: EventId
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly kind: EventKind
  readonly lane: number
  readonly occurredAt: Date
  readonly place: Place
  readonly threadKey: string
  readonly messageId: string | null
  readonly authorId: string | null
  readonly authorName: string | null
  readonly text: string | null
  readonly quotedMessageId: string | null
  readonly mentionsAccount: boolean
  readonly attachments: readonly Attachment[]
  readonly echoMark: string | null
  readonly address: JsonObject | null
  readonly outcome: string | null
  /** The platform was asked for what the webhook left out. */
  readonly lookedUpAt: Date | null
}

export async function findEvent(db: Db | Tx, id: EventId): Promise<StoredEvent | null> {
  const row = await db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return null
  return {
    ...row,
    kind: EventKind.parse(row.kind),
    place: Place.parse({ kind: row.placeKind, id: row.placeId }),
    attachments: z.array(Attachment).parse(row.attachments),
    address: JsonObject.nullable().parse(row.address),
  }
}

/** Says what became of the event. False: somebody had already closed it. */
export async function closeEvent(db: Db | Tx, id: EventId, outcome: string, now: Date): Promise<boolean> {
  const closed = await db
    .updateTable('events')
    .set({ outcome, closedAt: now })
    .where('id', '=', id)
    .where('closedAt', 'is', null)
    .executeTakeFirst()
  return closed.numUpdatedRows > 0n
}

/** Whether the message was taken back before we came to look at it: removals overtake what they remove. */
export async function wasRemoved(db: Db | Tx, event: StoredEvent): Promise<boolean> {
  if (event.messageId === null) return false
  const removal = await db
    .selectFrom('events')
    .select('id')
    .where('accountId', '=', event.accountId)
    .where('messageId', '=', event.messageId)
    .where('kind', 'in', ['comment_remove', 'message_remove', 'post_remove'])
    .executeTakeFirst()
  return removal !== undefined
}
