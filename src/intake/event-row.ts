import type { Insertable } from 'kysely'
import type { Account } from '../accounts/store.ts'
import type { Events } from '../db/schema.generated.ts'
import { plusMs } from '../lib/clock.ts'
import { type DeliveryId, EventId, newId } from '../lib/ids.ts'
import { storable } from '../lib/text.ts'
import type { InboundEvent } from './event.ts'

const DAY_MS = 24 * 3_600_000

/** What a delivery brought, as the row that keeps it. */
export function eventRow(
  event: InboundEvent,
  delivery: { readonly id: DeliveryId; readonly lane: number },
  account: Pick<Account, 'id' | 'unitId'>,
  now: Date,
): Insertable<Events> {
  return {
    id: newId(EventId, now),
    deliveryId: delivery.id,
    accountId: account.id,
    unitId: account.unitId,
    kind: event.kind,
    dedupeKey: storable(event.dedupeKey),
    lane: delivery.lane,
    occurredAt: plausible(event.occurredAt, now),
    recordedAt: now,
    placeKind: event.place.kind,
    placeId: storable(event.place.id),
    threadKey: storable(event.threadKey),
    messageId: storableOrNull(event.messageId),
    authorId: storableOrNull(event.author?.id),
    authorName: storableOrNull(event.author?.name),
    text: storableOrNull(event.text),
    quotedMessageId: storableOrNull(event.quotedMessageId),
    mentionsAccount: event.mentionsAccount,
    attachments: storableJson(event.attachments),
    echoMark: storableOrNull(event.echoMark),
    address: event.address === null ? null : storableJson(event.address),
  }
}

/** A payload without any time comes as 1970, one in other units from another age: then arrival is the better knowledge. */
export function plausible(at: Date, now: Date): Date {
  return at.getTime() > 0 && at <= plusMs(now, DAY_MS) ? at : now
}

function storableOrNull(text: string | null | undefined): string | null {
  return text == null ? null : storable(text)
}

/** What JSON escapes (NUL, half an emoji in the name of a file) a JSON column refuses all the same. */
function storableJson(value: object): string {
  return JSON.stringify(value, (_key, inner) => (typeof inner === 'string' ? storable(inner) : inner))
}
