import type { Tx } from '../db/client.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { AnswerId, type CaseId, EventId, type OutboxId, type UnitId } from '../lib/ids.ts'
import { queueForOfficer } from '../outbox/queue.ts'

/** The chat message in which an officer typed or ordered what this row came of; null: nobody did. */
async function typedIn(tx: Tx, originId: string): Promise<StoredEvent | null> {
  const answer = await tx
    .selectFrom('answers')
    .select('eventId')
    .where('id', '=', AnswerId.parse(originId))
    .executeTakeFirst()
  return findEvent(tx, answer?.eventId ?? EventId.parse(originId))
}

/** Says what became of an officer's words in the chat where they were typed; each `version` once. */
export async function tellAuthor(
  tx: Tx,
  row: { readonly id: OutboxId; readonly originId: string; readonly caseId: CaseId | null; readonly unitId: UnitId },
  text: string,
  now: Date,
  version = 1,
): Promise<void> {
  const typed = await typedIn(tx, row.originId)
  if (typed?.address == null) return
  const { accountId, address, place } = typed
  const { caseId, unitId, id: originId } = row
  const notice = {
    accountId,
    unitId,
    caseId,
    originId,
    address,
    place,
    kind: 'notice',
    lane: 'acknowledgements',
  } as const
  await queueForOfficer(tx, { ...notice, text, version }, now)
}
