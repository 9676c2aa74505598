import type { Tx } from '../db/client.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { plusMs } from '../lib/clock.ts'
import { CaseId, OutboxId } from '../lib/ids.ts'

/** For so long a card is what an officer in that chat has before their eyes, and so is our question. */
export const RECENT_MS = 30 * 60_000

/** What a message may be about, where quotes are not told and no code says it. */
export type Subject =
  | { readonly what: 'case'; readonly caseId: CaseId }
  /** What waits for somebody's yes, or a post that stands. */
  | { readonly what: 'question' | 'post'; readonly outboxId: OutboxId }

/** Writes down what the author of this message is asked about. */
export async function saveOffer(tx: Tx, { id: eventId }: StoredEvent, subject: Subject, now: Date): Promise<void> {
  const { what } = subject
  const about = subject.what === 'case' ? { caseId: subject.caseId } : { outboxId: subject.outboxId }
  await tx
    .insertInto('offers')
    .values({ eventId, what, ...about, offeredAt: now })
    .execute()
}

/** The message before this "đúng" of the same person, and what they were asked about. Null: nothing was asked. */
export async function findOffered(
  tx: Tx,
  message: StoredEvent,
  now: Date,
): Promise<{ message: StoredEvent; subject: Subject } | null> {
  const { id, accountId, place, authorId, quotedMessageId } = message
  if (!isYes(message.text) || authorId === null || quotedMessageId !== null) return null
  const before = await tx
    .selectFrom('events')
    .leftJoin('offers', 'offers.eventId', 'events.id')
    .select(['events.id', 'offers.what', 'offers.caseId', 'offers.outboxId'])
    .where('accountId', '=', accountId)
    .where('placeId', '=', place.id)
    .where('authorId', '=', authorId)
    .where('kind', '=', 'message')
    .where('events.id', '<>', id)
    .where('recordedAt', '>=', plusMs(now, -RECENT_MS))
    .where('occurredAt', '<=', message.occurredAt)
    .orderBy('occurredAt', 'desc')
    .orderBy('events.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const subject = before === undefined ? null : subjectOf(before)
  const meant = before === undefined || subject === null ? null : await findEvent(tx, before.id)
  return meant === null || subject === null ? null : { message: meant, subject }
}

function subjectOf(row: { what: string | null; caseId: string | null; outboxId: string | null }): Subject | null {
  const { what, caseId, outboxId } = row
  if (what === 'case' && caseId !== null) return { what, caseId: CaseId.parse(caseId) }
  if ((what === 'question' || what === 'post') && outboxId !== null) return { what, outboxId: OutboxId.parse(outboxId) }
  return null
}

/** Typed with diacritics it must be this word: "dừng" and "dùng" are others. */
function isYes(text: string | null): boolean {
  const word = (text ?? '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .trim()
  return word === 'đúng' || word === 'dung' || word === 'đúng rồi'
}
