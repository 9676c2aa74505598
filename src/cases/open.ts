import { sql } from 'kysely'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { type AccountId, CaseId, newId } from '../lib/ids.ts'
import { PublicCase } from '../outbox/public-case.ts'
import { queueForResident, queueReaction } from '../outbox/queue.ts'
import type { Confidentiality } from '../understanding/confidentiality.ts'
import type { Label } from '../understanding/label.ts'
import { newCaseCode } from './code.ts'
import { appendHistory } from './store.ts'

/** Opens the case of a resident's message; if it is public, the acknowledgement goes out. Null: it has a case already. */
export async function openCase(
  tx: Tx,
  event: StoredEvent,
  label: Label,
  confidentiality: Confidentiality,
  acknowledge: Acknowledge | null,
  now: Date,
): Promise<CaseId | null> {
  const opened = await tx
    .insertInto('cases')
    .values({
      id: newId(CaseId, now),
      code: newCaseCode(),
      unitId: event.unitId,
      accountId: event.accountId,
      confidentiality: confidentiality.confidentiality,
      confidentialityReason: confidentiality.reason,
      status: 'received',
      kind: label.kind,
      urgent: label.urgent,
      confidence: label.confidence,
      originEventId: event.id,
      threadKey: event.threadKey,
      authorId: event.authorId,
      placeKind: event.place.kind,
      openedAt: now,
      changedAt: now,
    })
    .onConflict((conflict) => conflict.column('originEventId').doNothing())
    .returning(['id', 'code', 'confidentiality'])
    .executeTakeFirst()
  if (opened === undefined) return null
  await addMessage(tx, opened.id, event, now)
  const { kind, confidence, urgent, because } = label
  await appendHistory(
    tx,
    { caseId: opened.id, what: 'opened', details: { kind, confidence, urgent, because, ...confidentiality } },
    now,
  )
  await queueAcknowledgement(tx, PublicCase.of(opened), event, acknowledge, now)
  return opened.id
}

/** How a person learns that the question has arrived: by words for a case of this code, after those said last, or by a sign. */
export type Acknowledge =
  | { readonly by: 'words'; readonly words: (code: string, previous: string | null) => string }
  | { readonly by: 'reaction'; readonly sign: string }

/** The last one of the account, which no other transaction follows before this one ends. */
async function previousAcknowledgement(tx: Tx, accountId: AccountId): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`acknowledgement ${accountId}`}, 0))`.execute(tx)
  const row = await tx
    .selectFrom('outbox')
    .select('text')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'acknowledgement')
    .where('state', '!=', 'cancelled')
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.text ?? null
}

async function queueAcknowledgement(
  tx: Tx,
  publicCase: PublicCase | null,
  event: StoredEvent,
  acknowledge: Acknowledge | null,
  now: Date,
): Promise<void> {
  const { accountId, unitId, id: originId, address, place, messageId: targetId } = event
  if (publicCase === null || acknowledge === null || address === null) return
  const intended = { accountId, unitId, originId, address, place, lane: 'acknowledgements' } as const
  if (acknowledge.by === 'reaction') {
    if (targetId !== null) await queueReaction(tx, publicCase, { ...intended, targetId, text: acknowledge.sign }, now)
    return
  }
  const text = acknowledge.words(publicCase.code, await previousAcknowledgement(tx, accountId))
  const audience = place.kind === 'direct' ? 'resident' : 'public'
  await queueForResident(tx, publicCase, { ...intended, audience, kind: 'acknowledgement', text }, now)
}

/**
 * One message of a person in a thread at a time, until this transaction ends: two that come together must not both find
 * no open case.
 */
export async function lockThread(tx: Tx, event: StoredEvent): Promise<void> {
  const key = `${event.accountId} ${event.threadKey} ${event.authorId ?? ''}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}

export async function addMessage(tx: Tx, caseId: CaseId, event: StoredEvent, now: Date): Promise<void> {
  await tx.insertInto('caseMessages').values({ caseId, eventId: event.id, addedAt: now }).execute()
}
