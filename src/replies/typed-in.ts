import { findOfficer } from '../accounts/store.ts'
import type { Tx } from '../db/client.ts'
import { tellInChat } from '../dispatch/tell.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { AnswerId, type CaseId, EventId, type OfficerId, type OutboxId, type UnitId } from '../lib/ids.ts'

export interface Author {
  readonly officerId: OfficerId
  /** The chat message in which it was typed. */
  readonly message: StoredEvent
}

/** Which officer's words these are; null: nobody's, or nobody is known. */
export async function authorOf(tx: Tx, originId: string): Promise<Author | null> {
  const { message, officerId: answered } = await typedIn(tx, originId)
  if (message === null || message.authorId === null) return null
  const officerId = answered ?? (await findOfficer(tx, message.accountId, message.authorId))
  return officerId === null ? null : { officerId, message }
}

/** Says what became of an officer's words in the chat where they were typed; each `version` once. */
export async function tellAuthor(
  tx: Tx,
  row: { readonly id: OutboxId; readonly originId: string; readonly caseId: CaseId | null; readonly unitId: UnitId },
  text: string,
  now: Date,
  version = 1,
): Promise<void> {
  const { message } = await typedIn(tx, row.originId)
  if (message === null) return
  const { caseId, unitId, id: originId } = row
  await tellInChat(tx, message, { caseId, unitId, originId, text, lane: 'acknowledgements', version }, now)
}

/** The chat message in which an officer typed or ordered what came of it, and who answered. Null: nobody did. */
async function typedIn(
  tx: Tx,
  originId: string,
): Promise<{ readonly message: StoredEvent | null; readonly officerId: OfficerId | null }> {
  const answer = await tx
    .selectFrom('answers')
    .select(['officerId', 'eventId'])
    .where('id', '=', AnswerId.parse(originId))
    .executeTakeFirst()
  const message = await findEvent(tx, answer?.eventId ?? EventId.parse(originId))
  return { message, officerId: answer?.officerId ?? null }
}
