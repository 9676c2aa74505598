import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { PublicCase } from '../outbox/public-case.ts'
import { queueEdit } from '../outbox/queue.ts'
import { residentTexts } from '../texts/resident.ts'
import { findUnit } from '../units/store.ts'
import { heldAs, type Queued } from './held-as.ts'
import type { Means } from './means.ts'
import { MARK_CHARS, saveAnswer, type Typed } from './save-answer.ts'
import { isBeingTakenDown, type StandingText, standingAnswer } from './standing.ts'

export type Edited =
  | Queued
  | { readonly as: 'empty' | 'restricted' | 'nothing_stands' | 'impossible' }
  | { readonly as: 'too_long'; readonly over: number; readonly max: number }

/** The answer that stands in public gets other words, as a new version; what residents see keeps its code and number. */
export async function editAnswer(tx: Tx, about: Case, by: Typed, means: Means, now: Date): Promise<Edited> {
  if (!means.managesWall || about.placeKind !== 'post') return { as: 'impossible' }
  if (by.text.trim() === '') return { as: 'empty' }
  const publicCase = PublicCase.of(about)
  if (publicCase === null) return { as: 'restricted' }
  const standing = await standingAnswer(tx, about)
  if (standing === null || standing.ordinal === null) return { as: 'nothing_stands' }
  if (await isBeingTakenDown(tx, standing)) return { as: 'nothing_stands' }
  const { signature } = await findUnit(tx, about.unitId)
  const text = residentTexts.answer(signature, by.text)
  const over = text.length + MARK_CHARS - means.maxTextChars
  if (over > 0) return { as: 'too_long', over, max: means.maxTextChars }

  const answerId = await saveAnswer(tx, about, by, now)
  const { ordinal, accountId, unitId, address, place, messageId: targetId } = standing
  const lane = about.urgent ? 'urgent' : 'live'
  const intended = { accountId, unitId, originId: answerId, address, place, lane, text, targetId } as const
  const id = await queueEdit(tx, { publicCase, ordinal }, intended, now)
  const entry = { caseId: about.id, what: 'edit_wanted', actorOfficerId: by.officerId, details: { answerId } }
  await appendHistory(tx, entry, now)
  return heldAs(tx, id, now)
}

/** A post gets other words. `about` is the case that it belongs to, if any. */
export async function editPost(
  tx: Tx,
  post: StandingText,
  about: Case | null,
  by: Typed,
  means: Means,
  now: Date,
): Promise<Edited> {
  if (by.text.trim() === '') return { as: 'empty' }
  const over = by.text.trim().length + MARK_CHARS - means.maxTextChars
  if (over > 0) return { as: 'too_long', over, max: means.maxTextChars }
  const { accountId, unitId, address, place, messageId: targetId, ordinal } = post
  const publicCase = about === null ? null : PublicCase.of(about)
  if (about !== null && publicCase === null) return { as: 'restricted' }
  if (await isBeingTakenDown(tx, post)) return { as: 'nothing_stands' }
  const of = publicCase === null || ordinal === null ? { post: post.id } : { publicCase, ordinal }
  const { text, message } = by
  const intended = { accountId, unitId, originId: message.id, address, place, lane: 'live', text, targetId } as const
  return heldAs(tx, await queueEdit(tx, of, intended, now), now)
}
