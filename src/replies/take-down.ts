import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { OfficerId } from '../lib/ids.ts'
import { queueModeration } from '../outbox/queue.ts'
import type { Means } from './means.ts'
import { type StandingText, standingTexts } from './standing.ts'

/** Who has decided it, in which chat message. The reason stands in that message, where it can be erased. */
export interface Ordered {
  readonly officerId: OfficerId
  readonly message: StoredEvent
}

export type TakenDown = 'queued' | 'nothing_stands' | 'impossible'

/**
 * What of ours stands in public about the case goes: its answer, else its acknowledgement. Of a restricted case all of
 * it: whatever shows that there is such a case may harm whoever wrote it.
 */
export async function takeDown(tx: Tx, about: Case, by: Ordered, means: Means, now: Date): Promise<TakenDown> {
  if (!means.managesWall) return 'impossible'
  const standing = await standingTexts(tx, about)
  const latest = standing.find(({ kind }) => kind === 'answer') ?? standing[0]
  const goes = about.confidentiality === 'public' ? standing.filter((one) => one === latest) : standing
  if (goes.length === 0) return 'nothing_stands'
  for (const text of goes) await queueTakingDown(tx, text, by, now)
  const details = { eventId: by.message.id }
  const entry = { caseId: about.id, what: 'take_down_wanted', actorOfficerId: by.officerId, details }
  await appendHistory(tx, entry, now)
  return 'queued'
}

/** Also for a post that belongs to no case. */
export async function queueTakingDown(tx: Tx, text: StandingText, { message }: Ordered, now: Date): Promise<void> {
  const { accountId, unitId, caseId, address, place, messageId: targetId } = text
  const intended = { accountId, unitId, caseId, originId: message.id, address, place, targetId } as const
  await queueModeration(tx, { ...intended, kind: 'delete', lane: 'urgent' }, now)
}
