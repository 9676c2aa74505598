import type { Case } from '../cases/store.ts'
import type { FileId } from '../lib/ids.ts'
import type { Pause } from '../publishing/pause.ts'
import type { Way } from '../replies/destination.ts'
import { type Edited, editAnswer } from '../replies/edit.ts'
import type { Queued } from '../replies/held-as.ts'
import type { Means } from '../replies/means.ts'
import { offeredPhoto, offerMinutes, offerPhoto } from '../replies/offered-photo.ts'
import { resendAnswer } from '../replies/resend.ts'
import { settleByHand } from '../replies/settle-by-hand.ts'
import { readyFor, type Submitted, submitAnswer } from '../replies/submit.ts'
import { answeringTexts } from '../texts/answering.ts'
import { approvalTexts } from '../texts/approval.ts'
import { groupNews } from '../texts/group-news.ts'
import { officerTexts } from '../texts/officer.ts'
import { photoTexts } from '../texts/photos.ts'
import type { Acting, Effect } from './acting.ts'

/** An answer: where the question stands, or to its author alone. */
export async function answer(acting: Acting, about: Case, text: string, wanted: Way): Promise<Effect> {
  const { tx, officerId, message, meansOf, photo, now } = acting
  const way = wanted === 'privately' || (await quotesPrivate(acting, about)) ? 'privately' : 'where_asked'
  const means = await meansOf(about.accountId)
  if (photo === 'lost') return { outcome: 'photo_lost', reply: photoTexts.lost(about.code) }
  if (photo !== null && text.trim() === '') return offer(acting, about, { way, photo }, means)
  const shown = photo ?? (await offeredPhoto(tx, about.id, officerId, now))
  const by = { officerId, message, text, way, photo: shown } as const
  return said(about, await submitAnswer(tx, about, by, means, now))
}

/** A photo without words: it waits for them, or they hear why it cannot be used. */
async function offer(
  { tx, officerId, now }: Acting,
  about: Case,
  { way, photo }: { readonly way: Way; readonly photo: FileId },
  means: Means,
): Promise<Effect> {
  const ready = await readyFor(tx, about, way, means)
  if ('as' in ready) return said(about, ready)
  if (means.photoWith[ready.to.audience] === null) {
    return { outcome: 'photo_impossible', reply: photoTexts.onlyWords(about.code) }
  }
  await offerPhoto(tx, { fileId: photo, caseId: about.id, officerId }, now)
  return { outcome: 'photo_offered', reply: photoTexts.offered(about.code, offerMinutes) }
}

/** "gửi lại": the answer that came too late goes out, now that the person has written again. */
export async function resend(acting: Acting, about: Case): Promise<Effect> {
  const { tx, officerId, message, meansOf, now } = acting
  const submitted = await resendAnswer(tx, about, { officerId, message }, await meansOf(about.accountId), now)
  if (submitted === null) {
    return { outcome: 'nothing_to_resend', reply: answeringTexts.nothingToResend(about.code) }
  }
  return said(about, submitted)
}

/** "sửa: …": the answer that stands in public gets other words. */
export async function edit(acting: Acting, about: Case, text: string): Promise<Effect> {
  const { tx, officerId, message, meansOf, now } = acting
  const edited = await editAnswer(tx, about, { officerId, message, text }, await meansOf(about.accountId), now)
  const effect = saidOfEdit(about, edited)
  if (acting.photo === null) return effect
  return { ...effect, reply: [effect.reply, photoTexts.notEdited(about.code)].filter((one) => one !== null).join('\n') }
}

export async function settle({ tx, now }: Acting, about: Case, seen: 'present' | 'absent'): Promise<Effect> {
  const isSettled = await settleByHand(tx, about.id, seen, now)
  const reply = isSettled ? officerTexts.settledByHand(about.code) : officerTexts.nothingToSettle(about.code)
  return { outcome: `seen_${seen}`, reply }
}

/** What was written to us 1:1 about a comment is never answered under that comment by a slip. */
async function quotesPrivate({ tx, message }: Acting, about: Case): Promise<boolean> {
  if (message.quotedMessageId === null || about.placeKind === 'direct') return false
  const quoted = await tx
    .selectFrom('outbox')
    .innerJoin('events', 'events.id', 'outbox.originId')
    .innerJoin('caseMessages', 'caseMessages.eventId', 'events.id')
    .select('events.placeKind')
    .where('outbox.accountId', '=', message.accountId)
    .where('outbox.messageId', '=', message.quotedMessageId)
    .where('caseMessages.caseId', '=', about.id)
    .executeTakeFirst()
  return quoted?.placeKind === 'direct'
}

function said(about: Case, submitted: Submitted): Effect {
  const { code } = about
  switch (submitted.as) {
    case 'queued':
      return alsoOfPhoto({ outcome: 'answer', reply: pausedReply(code, submitted.pause) }, code, submitted.photo)
    case 'held':
      return alsoOfPhoto(held('answer', code, submitted), code, submitted.photo)
    case 'empty':
      return { outcome: 'answer_empty', reply: officerTexts.empty(code) }
    case 'too_long':
      return { outcome: 'answer_too_long', reply: officerTexts.tooLong(code, submitted.max, submitted.over) }
    case 'answer_waits':
      return { outcome: 'already_answered', reply: officerTexts.answerWaits(code) }
    case 'already_answered':
      return { outcome: 'already_answered', reply: officerTexts.alreadyAnswered(code) }
    case 'already_replied_privately':
      return { outcome: 'already_answered', reply: answeringTexts.alreadyRepliedPrivately(code) }
    case 'no_private_way':
      return { outcome: 'answer_no_private_way', reply: answeringTexts.noPrivateWay(code) }
    case 'restricted':
      return { outcome: 'answer_restricted', reply: officerTexts.restricted(code) }
    case 'withdrawn':
      return { outcome: 'answer_withdrawn', reply: officerTexts.withdrawn(code) }
  }
}

function saidOfEdit({ code }: Case, edited: Edited): Effect {
  switch (edited.as) {
    case 'queued':
      return { outcome: 'edit', reply: pausedReply(code, edited.pause) }
    case 'held':
      return held('edit', code, edited)
    case 'empty':
      return { outcome: 'edit_empty', reply: answeringTexts.editEmpty(code) }
    case 'too_long':
      return { outcome: 'edit_too_long', reply: officerTexts.tooLong(code, edited.max, edited.over) }
    case 'restricted':
      return { outcome: 'edit_restricted', reply: officerTexts.restricted(code) }
    case 'nothing_stands':
      return { outcome: 'nothing_stands', reply: answeringTexts.nothingStands(code) }
    case 'impossible':
      return { outcome: 'edit_impossible', reply: answeringTexts.cannotRevise(code) }
  }
}

/** What is not published is never passed over in silence. */
function alsoOfPhoto(effect: Effect, code: string, photo: 'none' | 'goes' | 'left_out'): Effect {
  if (photo !== 'left_out') return effect
  const reply = [effect.reply, photoTexts.leftOut(code)].filter((text) => text !== null).join('\n')
  return { ...effect, reply }
}

/** What leaves in its turn is told of when it stands; what has to wait for that is told of at once. */
function pausedReply(code: string, pause: Pause | null): string | null {
  if (pause === null) return null
  const { until, closedGroup } = pause
  if (closedGroup === undefined) return answeringTexts.paused(code, until)
  return groupNews.answerWaits(code, closedGroup.name, closedGroup.standing)
}

function held(what: string, code: string, { by, id }: Extract<Queued, { as: 'held' }>): Effect {
  const outcome = `${what}_held`
  return by === 'listen_only'
    ? { outcome, reply: approvalTexts.listenOnly(code) }
    : { outcome, reply: approvalTexts.waits(code), toApprove: id }
}
