import { moveCase } from '../cases/move.ts'
import { appendHistory, lockCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { findEvent, type StoredEvent } from '../intake/store.ts'
import { AnswerId, type OutboxId } from '../lib/ids.ts'
import { confirmRow } from '../outbox/confirm.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import { officerTexts } from '../texts/officer.ts'

/**
 * An effect of ours is known to stand where it was meant to. A confirmed answer publishes its case and tells the officer
 * who gave it, in the chat where it was given. False: it was confirmed before.
 */
export async function confirmEffect(tx: Tx, id: OutboxId, messageId: string | null, now: Date): Promise<boolean> {
  const confirmed = await confirmRow(tx, id, messageId, now)
  if (confirmed === null) return false
  if (confirmed.caseId === null) return true
  const { caseId, kind } = confirmed
  if (kind === 'card' || kind === 'acknowledgement') {
    await appendHistory(
      tx,
      { caseId, what: kind === 'card' ? 'card_delivered' : 'acknowledged', details: { outboxId: id } },
      now,
    )
  }
  if (kind !== 'answer') return true
  const published = await lockCase(tx, caseId)
  await moveCase(tx, caseId, 'answered', 'published', now)
  await appendHistory(tx, { caseId, what: 'published', details: { outboxId: id } }, now)
  const given = await answerMessage(tx, confirmed.originId)
  if (given?.address == null) return true
  await queueForOfficer(
    tx,
    {
      accountId: given.accountId,
      unitId: published.unitId,
      caseId,
      originId: id,
      address: given.address,
      place: given.place,
      kind: 'notice',
      lane: 'acknowledgements',
      text: officerTexts.published(published.code, published.placeKind === 'direct'),
    },
    now,
  )
  return true
}

/** The chat message in which the answer was typed. */
async function answerMessage(tx: Tx, originId: string): Promise<StoredEvent | null> {
  const answer = await tx
    .selectFrom('answers')
    .select('eventId')
    .where('id', '=', AnswerId.parse(originId))
    .executeTakeFirst()
  return answer === undefined ? null : findEvent(tx, answer.eventId)
}
