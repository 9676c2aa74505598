import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { findEvent } from '../intake/store.ts'
import { queueModeration } from '../outbox/queue.ts'
import { heldAs } from './held-as.ts'
import type { Means } from './means.ts'
import type { Ordered } from './take-down.ts'

export type Hidden = 'queued' | 'held' | 'impossible' | 'impossible_of_post'

/**
 * The resident's comment is to be seen by nobody but its author and their friends, or by everybody again: a person's
 * decision with a reason, never the program's. Also of a restricted case, where it may be what protects people.
 */
export async function decideHiding(
  tx: Tx,
  about: Case,
  by: Ordered & { readonly isToHide: boolean },
  means: Means,
  now: Date,
): Promise<Hidden> {
  const comment = await findEvent(tx, about.originEventId)
  // Graph hides comments; of posts it lets an application change only those that it made itself.
  if (means.managesWall && comment?.kind === 'visitor_post') return 'impossible_of_post'
  if (!means.managesWall || comment?.kind !== 'comment') return 'impossible'
  const { messageId: targetId, address, place, accountId } = comment
  if (targetId === null || address === null) return 'impossible'
  const { id: caseId, unitId } = about
  const intended = { accountId, unitId, caseId, originId: by.message.id, address, place, targetId } as const
  // What somebody wants out of sight goes before everything else.
  const lane = by.isToHide ? 'urgent' : 'live'
  const id = await queueModeration(tx, { ...intended, kind: by.isToHide ? 'hide' : 'unhide', lane }, now)
  const what = by.isToHide ? 'hide_wanted' : 'unhide_wanted'
  await appendHistory(tx, { caseId, what, actorOfficerId: by.officerId, details: { eventId: by.message.id } }, now)
  return (await heldAs(tx, id, now)).as
}
