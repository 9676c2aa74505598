import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { AnswerId, newId, type OfficerId } from '../lib/ids.ts'
import { cancelForResidents } from '../outbox/cancel.ts'
import { PublicCase } from '../outbox/public-case.ts'
import { queueForResident } from '../outbox/queue.ts'
import { residentTexts } from '../texts/resident.ts'
import { findUnit } from '../units/store.ts'

export type Submitted =
  | { readonly as: 'queued' }
  | { readonly as: 'empty' | 'already_answered' | 'restricted' | 'withdrawn' }
  | { readonly as: 'too_long'; readonly over: number }

/** Mark and separators that will be added to the text; code and ordinal have a known greatest length. */
const MARK_CHARS = '\n\nMã: DH-XXX-XXX · 9999'.length

/**
 * An officer's answer becomes a version of the answer and one public row in the outbox. `answering` must be locked by
 * this transaction: of two officers who answer at once, one is told that the other was faster.
 */
export async function submitAnswer(
  tx: Tx,
  answering: Case,
  by: { officerId: OfficerId; message: StoredEvent; text: string },
  maxTextChars: number,
  now: Date,
): Promise<Submitted> {
  if (by.text.trim() === '') return { as: 'empty' }
  if (answering.status === 'withdrawn') return { as: 'withdrawn' }
  const publicCase = PublicCase.of(answering)
  if (publicCase === null) return { as: 'restricted' }
  if (answering.status !== 'assigned') return { as: 'already_answered' }
  const { signature } = await findUnit(tx, answering.unitId)
  const text = residentTexts.answer(signature, by.text)
  const over = text.length + MARK_CHARS - maxTextChars
  if (over > 0) return { as: 'too_long', over }

  const question = await findEvent(tx, answering.originEventId)
  if (question?.address == null) return { as: 'withdrawn' }
  const { version } = await tx
    .selectFrom('answers')
    .select((select) => select.fn.countAll<string>().as('version'))
    .where('caseId', '=', answering.id)
    .executeTakeFirstOrThrow()
  const answerId = newId(AnswerId, now)
  await tx
    .insertInto('answers')
    .values({
      id: answerId,
      caseId: answering.id,
      version: Number(version) + 1,
      officerId: by.officerId,
      eventId: by.message.id,
      text: by.text.trim(),
      createdAt: now,
    })
    .execute()
  await queueForResident(
    tx,
    publicCase,
    {
      accountId: answering.accountId,
      unitId: answering.unitId,
      originId: answerId,
      address: question.address,
      place: question.place,
      audience: question.place.kind === 'direct' ? 'resident' : 'public',
      kind: 'answer',
      lane: answering.urgent ? 'urgent' : 'live',
      text,
    },
    now,
  )
  // "We have received it" below the answer itself would only confuse. One on its way already cannot be stopped.
  await cancelForResidents(tx, answering.id, 'answered_first', now, ['acknowledgement'])
  await moveCase(tx, answering.id, 'assigned', 'answered', now)
  await appendHistory(
    tx,
    { caseId: answering.id, what: 'answered', actorOfficerId: by.officerId, details: { answerId } },
    now,
  )
  return { as: 'queued' }
}
