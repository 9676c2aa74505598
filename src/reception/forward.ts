import { sql } from 'kysely'
import { findOfficer, getAccount } from '../accounts/store.ts'
import { appendHistory } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { tellWriter } from '../dispatch/tell-writer.ts'
import type { InboundEvent } from '../intake/event.ts'
import { findByMessage, recordQuoted, reopenEvent } from '../intake/quoted-message.ts'
import { closeEvent, type StoredEvent, wasRemoved } from '../intake/store.ts'
import type { OfficerId } from '../lib/ids.ts'
import { findQuoted } from '../outbox/quoted.ts'
import { forwardTexts } from '../texts/forward.ts'
import { read } from './reading.ts'
import { type Desk, type Received, receiveIn } from './receive.ts'

export type Forwarded =
  | { readonly as: 'taken'; readonly question: StoredEvent; readonly received: Received }
  | { readonly as: 'left'; readonly outcome: string }

interface ForwardMeans {
  /** What the quote itself tells of the message, for one that we never saw. */
  readonly toldByQuote: (
    delivery: { accountExternalId: string; body: Buffer },
    messageId: string,
  ) => InboundEvent | null
  readonly chatAddress: ChatAddress
  readonly desk: Desk
}

/**
 * An officer quotes what a resident wrote in their group and hands it over: that message becomes the question, with its
 * author and its place, and the answer will quote it. It becomes so once, whoever hands it over again. In the group nothing
 * is said of all this; why nothing comes of it the officer reads 1:1.
 */
export async function receiveForward(
  db: Db,
  forward: StoredEvent,
  officerId: OfficerId,
  { toldByQuote, chatAddress, desk }: ForwardMeans,
  now: Date,
): Promise<Forwarded> {
  return transaction(db, 'receive-message', async (tx) => {
    await lockQuoted(tx, forward)
    const question = await findQuestion(tx, forward, toldByQuote, now)
    const refusal = await whyNot(tx, question)
    const outcome = question === null ? 'forward_unknown' : (refusal?.outcome ?? 'forwarded')
    if (!(await closeEvent(tx, forward.id, outcome, now))) return { as: 'left', outcome: 'already_closed' }
    if (question === null || refusal !== null) {
      const text = refusal === null ? forwardTexts.unreadable : refusal.text
      if (text !== null) await tellWriter(tx, forward, text, chatAddress, now)
      return { as: 'left', outcome }
    }
    await reopenEvent(tx, question.id)
    // An officer has said that somebody has to see it, whatever it reads like.
    const received = await receiveIn(tx, question, { ...read(question), needsOfficer: true }, desk, now)
    if (received.as === 'opened' || received.as === 'joined') {
      const entry = { caseId: received.caseId, what: 'forwarded', actorOfficerId: officerId }
      await appendHistory(tx, { ...entry, details: { eventId: forward.id } }, now)
    }
    return { as: 'taken', question, received }
  })
}

/** Of two officers who hand over the same message at once, the second one finds its case. */
async function lockQuoted(tx: Tx, { accountId, place, quotedMessageId }: StoredEvent): Promise<void> {
  const key = `forward ${accountId} ${place.id} ${quotedMessageId ?? ''}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}

async function findQuestion(
  tx: Tx,
  forward: StoredEvent,
  toldByQuote: ForwardMeans['toldByQuote'],
  now: Date,
): Promise<StoredEvent | null> {
  if (forward.quotedMessageId === null) return null
  const seen = await findByMessage(tx, forward, forward.quotedMessageId)
  return seen ?? recordQuoted(tx, forward, toldByQuote, now)
}

interface Refusal {
  readonly outcome: string
  /** For the officer alone; null: not worth a message. */
  readonly text: string | null
}

/** What was looked at and left alone may still become a question; everything else has become something already. */
const takeable: ReadonlySet<string> = new Set([
  'not_addressed',
  'not_forwarded',
  'needs_no_officer',
  'forward_not_bound',
  'unknown_group',
])

async function whyNot(tx: Tx, question: StoredEvent | null): Promise<Refusal | null> {
  if (question === null) return null
  const known = await caseCodeOf(tx, question)
  if (known !== null) return { outcome: 'forward_known', text: forwardTexts.known(known) }
  if (!(await isByResident(tx, question))) return { outcome: 'forward_not_resident', text: null }
  if (await wasRemoved(tx, question)) return { outcome: 'forward_removed', text: forwardTexts.takenBack }
  const isOpen = question.outcome === null || takeable.has(question.outcome)
  return isOpen ? null : { outcome: 'forward_not_resident', text: null }
}

async function isByResident(tx: Tx, question: StoredEvent): Promise<boolean> {
  const { accountId, kind, authorId, messageId } = question
  if (kind !== 'message' || authorId === null) return false
  const account = await getAccount(tx, accountId)
  if (authorId === account.externalId) return false
  if ((await findQuoted(tx, { accountId, quotedMessageId: messageId })) !== null) return false
  return (await findOfficer(tx, accountId, authorId)) === null
}

async function caseCodeOf(tx: Tx, { id }: StoredEvent): Promise<string | null> {
  const found = await tx
    .selectFrom('caseMessages')
    .innerJoin('cases', 'cases.id', 'caseMessages.caseId')
    .select('cases.code')
    .where('caseMessages.eventId', '=', id)
    .executeTakeFirst()
  return found?.code ?? null
}
