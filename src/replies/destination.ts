import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { JsonObject } from '../lib/json.ts'
import type { Means } from './means.ts'

/** An answer goes to where the question stands, or to its author alone. */
export type Way = 'where_asked' | 'privately'

export interface Destination {
  readonly kind: 'answer' | 'private_reply'
  readonly audience: 'public' | 'resident'
  readonly address: JsonObject
  readonly place: Place
  /** Of a private reply: the comment, or the visitor's post. */
  readonly targetId: string | null
  readonly maxTextChars: number
}

/**
 * Where an answer to this case goes. A resident who has written to us 1:1 is answered there, be it about a comment; else
 * the author of a comment or of a post on our wall can be written to once. Null: there is no such way.
 */
export async function destinationOf(tx: Tx, about: Case, way: Way, means: Means): Promise<Destination | null> {
  const question = await findEvent(tx, about.originEventId)
  if (question?.address == null) return null
  if (question.place.kind === 'direct') return answerTo(question, question.address, means)
  if (way === 'where_asked') return answerTo(question, question.address, means)
  const direct = await latestDirect(tx, about)
  if (direct !== null) return { ...direct, kind: 'answer', audience: 'resident', ...unlimited(means) }
  return privateReplyTo(question, question.address, means)
}

function answerTo({ place }: StoredEvent, address: JsonObject, means: Means): Destination {
  const audience = place.kind === 'direct' ? 'resident' : 'public'
  return { kind: 'answer', audience, address, place, ...unlimited(means) }
}

function unlimited({ maxTextChars }: Means): { targetId: null; maxTextChars: number } {
  return { targetId: null, maxTextChars }
}

function privateReplyTo(
  { kind, messageId }: StoredEvent,
  address: JsonObject,
  { maxPrivateReplyChars }: Means,
): Destination | null {
  if (kind !== 'comment' && kind !== 'visitor_post') return null
  if (messageId === null || maxPrivateReplyChars === null) return null
  // In which chat it will stand is known only once it is sent; until then what it answers holds its place.
  const place = { kind: 'direct', id: messageId } as const
  const targetId = messageId
  return {
    kind: 'private_reply',
    audience: 'resident',
    address,
    place,
    targetId,
    maxTextChars: maxPrivateReplyChars,
  }
}

/** Where the resident of this case last wrote to us 1:1, and when we came to know; null: nowhere yet. */
export async function latestDirect(
  tx: Tx,
  { id, accountId }: Pick<Case, 'id' | 'accountId'>,
): Promise<{ readonly address: JsonObject; readonly place: Place; readonly at: Date } | null> {
  const row = await tx
    .selectFrom('caseMessages')
    .innerJoin('events', 'events.id', 'caseMessages.eventId')
    .select(['events.address', 'events.placeKind', 'events.placeId', 'caseMessages.addedAt'])
    .where('caseMessages.caseId', '=', id)
    .where('events.accountId', '=', accountId)
    .where('events.placeKind', '=', 'direct')
    .where('events.kind', '=', 'message')
    .where('events.address', 'is not', null)
    .orderBy('events.occurredAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return null
  const { address, placeKind, placeId, addedAt } = row
  return { address: JsonObject.parse(address), place: Place.parse({ kind: placeKind, id: placeId }), at: addedAt }
}
