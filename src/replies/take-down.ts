import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { OfficerId } from '../lib/ids.ts'
import { cancelForResidents } from '../outbox/cancel.ts'
import { answerKinds, hasAnswer } from '../outbox/has-answer.ts'
import { queueModeration } from '../outbox/queue.ts'
import type { Means } from './means.ts'
import { type StandingText, standingAnswer, standingTexts } from './standing.ts'

/** Who has decided it, in which chat message. The reason stands in that message, where it can be erased. */
export interface Ordered {
  readonly officerId: OfficerId
  readonly message: StoredEvent
}

export type TakenDown = 'queued' | 'taken_back' | 'nothing_stands' | 'impossible'

/**
 * What of ours stands in public about the case goes: its answer; else an answer that has not left yet stays here; else its
 * acknowledgement goes. Of a restricted case all of it: whatever shows that there is such a case may harm whoever wrote
 * it.
 */
export async function takeDown(tx: Tx, about: Case, by: Ordered, means: Means, now: Date): Promise<TakenDown> {
  const standing = await standingTexts(tx, about)
  const isAnswered = standing.some(({ kind }) => kind === 'answer')
  if (!isAnswered && (await takeBack(tx, about, by, now))) return 'taken_back'
  if (!means.managesWall) return 'impossible'
  const latest = standing.find(({ kind }) => kind === 'answer') ?? standing[0]
  const goes = about.confidentiality === 'public' ? standing.filter((one) => one === latest) : standing
  if (goes.length === 0) return 'nothing_stands'
  for (const text of goes) await queueTakingDown(tx, text, by, now)
  await remember(tx, about, by, now)
  return 'queued'
}

/** The answer alone: one that has not left yet stays here; else one that stands goes, where that can be done. */
export async function withdrawAnswer(tx: Tx, about: Case, by: Ordered, means: Means, now: Date): Promise<TakenDown> {
  if (await takeBack(tx, about, by, now)) return 'taken_back'
  const standing = means.managesWall ? await standingAnswer(tx, about) : null
  if (standing === null) return (await hasAnswer(tx, about)) ? 'impossible' : 'nothing_stands'
  await queueTakingDown(tx, standing, by, now)
  await remember(tx, about, by, now)
  return 'queued'
}

/** An answer that waits for its turn or for somebody's yes. False: none does. The case is owed one again. */
async function takeBack(tx: Tx, about: Case, by: Ordered, now: Date): Promise<boolean> {
  if (!(await cancelForResidents(tx, about.id, 'taken_back', now, answerKinds))) return false
  if (!(await hasAnswer(tx, about))) await moveCase(tx, about.id, 'answered', 'assigned', now)
  await remember(tx, about, by, now)
  return true
}

function remember(tx: Tx, about: Case, { officerId, message }: Ordered, now: Date): Promise<void> {
  const details = { eventId: message.id }
  return appendHistory(tx, { caseId: about.id, what: 'take_down_wanted', actorOfficerId: officerId, details }, now)
}

/** Also for a post that belongs to no case. */
export async function queueTakingDown(tx: Tx, text: StandingText, { message }: Ordered, now: Date): Promise<void> {
  const { accountId, unitId, caseId, address, place, messageId: targetId } = text
  const intended = { accountId, unitId, caseId, originId: message.id, address, place, targetId } as const
  await queueModeration(tx, { ...intended, kind: 'delete', lane: 'urgent' }, now)
}
