import { getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { plusMs } from '../lib/clock.ts'
import type { CaseId } from '../lib/ids.ts'
import { officerTexts } from '../texts/officer.ts'
import type { Acting, Effect } from './acting.ts'

/** For so long a card is what an officer in that chat has before their eyes, and so is our question. */
const RECENT_MS = 30 * 60_000

const OFFERED = 'case_offered'

/**
 * Where a quote is not told and no code is named: was exactly one card shown in this chat lately, it is asked whether that
 * one is meant. Null: there was none, or more than one.
 */
export async function offerCase({ tx, message, now }: Acting): Promise<Effect | null> {
  const text = message.text?.trim() ?? ''
  if (text === '') return null
  const [card, ...others] = await tx
    .selectFrom('outbox')
    .select('caseId')
    .distinct()
    .where('accountId', '=', message.accountId)
    .where('placeId', '=', message.place.id)
    .where('kind', '=', 'card')
    .where('state', 'in', ['sent', 'confirmed'])
    .where('attemptEndedAt', '>=', plusMs(now, -RECENT_MS))
    .limit(2)
    .execute()
  if (card === undefined || card.caseId === null || others.length > 0) return null
  const { code } = await getCase(tx, card.caseId)
  return { outcome: OFFERED, reply: officerTexts.isThisMeant(code, text), about: card.caseId }
}

/** The message before this "đúng" of the same person, and the case they were asked about. Null: nothing was asked. */
export async function findOffered(
  tx: Tx,
  message: StoredEvent,
  now: Date,
): Promise<{ message: StoredEvent; caseId: CaseId } | null> {
  const { id, accountId, place, authorId, quotedMessageId } = message
  if (!isYes(message.text) || authorId === null || quotedMessageId !== null) return null
  const before = await tx
    .selectFrom('events')
    .select(['id', 'outcome'])
    .where('accountId', '=', accountId)
    .where('placeId', '=', place.id)
    .where('authorId', '=', authorId)
    .where('kind', '=', 'message')
    .where('id', '<>', id)
    .where('recordedAt', '>=', plusMs(now, -RECENT_MS))
    .where('occurredAt', '<=', message.occurredAt)
    .orderBy('occurredAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (before?.outcome !== OFFERED) return null
  const asked = await tx
    .selectFrom('outbox')
    .select('caseId')
    .where('originId', '=', before.id)
    .where('kind', '=', 'notice')
    .executeTakeFirst()
  const meant = await findEvent(tx, before.id)
  return meant === null || asked === undefined || asked.caseId === null
    ? null
    : { message: meant, caseId: asked.caseId }
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
