import { getAccount } from '../accounts/store.ts'
import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { AccountId, FileId } from '../lib/ids.ts'
import { PublicCase } from '../outbox/public-case.ts'
import { queuePost } from '../outbox/queue.ts'
import { heldAs, type Queued } from './held-as.ts'
import { MARK_CHARS, type Typed } from './save-answer.ts'

export type Posted =
  | Queued
  | { readonly as: 'empty' | 'restricted' }
  | { readonly as: 'too_long'; readonly over: number }

export interface PostContent {
  readonly link: string | null
  readonly photo: FileId | null
}

/**
 * A post on the wall of one of our Pages, about a case that everybody may read about, or about none. Its last line is the
 * mark by which it is found again.
 */
export async function submitPost(
  tx: Tx,
  to: { readonly accountId: AccountId; readonly about: Case | null; readonly maxTextChars: number },
  by: Typed & PostContent,
  now: Date,
): Promise<Posted> {
  const text = by.text.trim()
  if (text === '') return { as: 'empty' }
  const over = text.length + MARK_CHARS - to.maxTextChars
  if (over > 0) return { as: 'too_long', over }
  const publicCase = to.about === null ? null : PublicCase.of(to.about)
  if (to.about !== null && publicCase === null) return { as: 'restricted' }
  const { accountId } = to
  const { unitId, externalId } = await getAccount(tx, accountId)
  const place = { kind: 'post', id: externalId } as const
  const { link, photo: fileId } = by
  const intended = { accountId, unitId, originId: by.message.id, place, text, lane: 'live', link, fileId } as const
  const id = await queuePost(tx, publicCase, intended, now)
  if (to.about !== null) {
    const details = { eventId: by.message.id }
    const entry = { caseId: to.about.id, what: 'post_wanted', actorOfficerId: by.officerId, details }
    await appendHistory(tx, entry, now)
  }
  return heldAs(tx, id, now)
}
