import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { AnswerId, FileId, OutboxId } from '../lib/ids.ts'
import { cancelForResidents } from '../outbox/cancel.ts'
import { hasAnswer } from '../outbox/has-answer.ts'
import { PublicCase } from '../outbox/public-case.ts'
import { queueForResident, queuePrivateReply } from '../outbox/queue.ts'
import { residentTexts } from '../texts/resident.ts'
import { findUnit } from '../units/store.ts'
import { type Destination, destinationOf, type Way } from './destination.ts'
import { isGiven, isHeld } from './given.ts'
import { heldAs, type Queued } from './held-as.ts'
import type { Means } from './means.ts'
import { MARK_CHARS, saveAnswer, type Typed } from './save-answer.ts'

export type Submitted =
  /** `photo`: whether the one that was handed in goes out too. */
  (Queued & { readonly photo: 'none' | 'goes' | 'left_out' }) | Unfit

/** Why no answer can be given there, or not this one. */
export type Unfit =
  | { readonly as: 'empty' | 'already_answered' | 'restricted' | 'withdrawn' }
  /** Another answer has not left yet, because it may not. */
  | { readonly as: 'answer_waits' }
  /** Its author cannot be written to, or not once more. */
  | { readonly as: 'no_private_way' | 'already_replied_privately' }
  | { readonly as: 'too_long'; readonly over: number; readonly max: number }

/**
 * An officer's answer becomes a version of the answer and one row in the outbox, which may be held there. `answering` must
 * be locked by this transaction: of two officers who answer at once, one is told that the other was faster. A case may have
 * an answer in public and another one for its author alone.
 */
export async function submitAnswer(
  tx: Tx,
  answering: Case,
  by: Typed & { readonly way?: Way; readonly photo?: FileId | null },
  means: Means,
  now: Date,
): Promise<Submitted> {
  if (by.text.trim() === '') return { as: 'empty' }
  const ready = await readyFor(tx, answering, by.way ?? 'where_asked', means)
  if ('as' in ready) return ready
  const { to, publicCase } = ready
  const { signature } = await findUnit(tx, answering.unitId)
  const text = residentTexts.answer(signature, by.text)
  const over = text.length + MARK_CHARS - to.maxTextChars
  if (over > 0) return { as: 'too_long', over, max: to.maxTextChars }

  const answerId = await saveAnswer(tx, answering, by, now)
  const photo = by.photo ?? null
  const fileId = means.photoWith[to.audience] === null ? null : photo
  const id = await queue(tx, publicCase, answering, { to, originId: answerId, text, fileId }, now)
  // "We have received it" below the answer itself would only confuse. One that is on its way already cannot be stopped.
  await cancelForResidents(tx, answering.id, 'answered_first', now, ['acknowledgement', 'reaction'])
  await moveCase(tx, answering.id, 'assigned', 'answered', now)
  const details = { answerId, ...(to.audience === 'resident' ? { privately: true } : {}) }
  const entry = { caseId: answering.id, what: 'answered', actorOfficerId: by.officerId, details }
  await appendHistory(tx, entry, now)
  const isIn = fileId === null ? 'left_out' : 'goes'
  return { ...(await heldAs(tx, id, now)), photo: photo === null ? 'none' : isIn }
}

/** Where an answer to this case would go, if one may be given. The case must be locked by this transaction. */
export async function readyFor(
  tx: Tx,
  answering: Case,
  way: Way,
  means: Means,
): Promise<Unfit | { readonly to: Destination; readonly publicCase: PublicCase }> {
  if (answering.status === 'withdrawn') return { as: 'withdrawn' }
  const publicCase = PublicCase.of(answering)
  if (publicCase === null) return { as: 'restricted' }
  const to = await destinationOf(tx, answering, way, means)
  if (to === null) return { as: way === 'privately' ? 'no_private_way' : 'withdrawn' }
  if (await isOwed(tx, answering, to)) return { to, publicCase }
  if (await isHeld(tx, answering, to)) return { as: 'answer_waits' }
  return { as: to.kind === 'private_reply' ? 'already_replied_privately' : 'already_answered' }
}

/** Also after one answer there may be another, of the other kind or to what the resident has added. */
async function isOwed(tx: Tx, about: Case, to: Destination): Promise<boolean> {
  if (await isGiven(tx, about, to)) return false
  switch (about.status) {
    case 'assigned':
      return true
    case 'answered':
    case 'published':
      return hasAnswer(tx, about)
    case 'answered_outside':
      return to.audience === 'resident' && about.placeKind !== 'direct'
    default:
      return false
  }
}

function queue(
  tx: Tx,
  publicCase: PublicCase,
  { accountId, unitId, urgent }: Case,
  { to, originId, text, fileId }: { to: Destination; originId: AnswerId; text: string; fileId: FileId | null },
  now: Date,
): Promise<OutboxId | null> {
  const { kind, audience, address, place, targetId } = to
  const lane = urgent ? 'urgent' : 'live'
  const intended = { accountId, unitId, originId, address, place, lane, text } as const
  return kind === 'private_reply' && targetId !== null
    ? queuePrivateReply(tx, publicCase, { ...intended, targetId }, now)
    : queueForResident(tx, publicCase, { ...intended, kind: 'answer', audience, fileId }, now)
}
