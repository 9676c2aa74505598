import { getAccount } from '../accounts/store.ts'
import { findContinued } from '../cases/continued.ts'
import { type Acknowledge, addMessage, lockThread, openCase } from '../cases/open.ts'
import { appendHistory, type Case, getCase } from '../cases/store.ts'
import { markUrgent } from '../cases/urgent.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { type ShownLimits, spokenAttachments } from '../dispatch/attachments.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import { caseFiles, wantFiles } from '../files/store.ts'
import { closeEvent, type StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { lanes } from '../lib/lane.ts'
import { answeringTexts } from '../texts/answering.ts'
import { attachmentLines, whereToLook } from '../texts/attachments.ts'
import { officerTexts } from '../texts/officer.ts'
import { residentTexts } from '../texts/resident.ts'
import { findUnit } from '../units/store.ts'
import { caseBehindChat, privateLines, reopenFor } from './private-chat.ts'
import { type Reading, read } from './reading.ts'

export type Received =
  | { readonly as: 'opened'; readonly caseId: CaseId; readonly reading: Reading }
  | { readonly as: 'joined'; readonly caseId: CaseId }
  | { readonly as: 'needs_no_officer' | 'already_closed' }

export interface Desk {
  /** How much of what people attach is shown to officers. */
  readonly shown: ShownLimits
  /** The account can put a sign under somebody's message. */
  readonly reacts: boolean
}

/** A resident's message becomes a case, joins the open one it continues, or needs nobody (thanks, tags, chit-chat). */
export async function receiveMessage(db: Db, event: StoredEvent, desk: Desk, now: Date): Promise<Received> {
  return transaction(db, 'receive-message', (tx) => receiveIn(tx, event, read(event), desk, now))
}

/** The same within a transaction, for words that were read already. */
export async function receiveIn(
  tx: Tx,
  event: StoredEvent,
  reading: Reading,
  { shown, reacts }: Desk,
  now: Date,
): Promise<Received> {
  await lockThread(tx, event)
  const continued = await findOpen(tx, event, reading, now)
  if (continued !== null) return join(tx, event, reading, continued, shown, now)
  return reading.needsOfficer ? open(tx, event, reading, reacts, now) : leave(tx, event, now)
}

/** A new accusation never joins what the public can read: it becomes a restricted case of its own. */
async function findOpen(tx: Tx, event: StoredEvent, reading: Reading, now: Date): Promise<Case | null> {
  const id = (await findContinued(tx, event)) ?? (await caseBehindChat(tx, event, now))
  if (id === null) return null
  const found = await getCase(tx, id)
  return found.confidentiality === 'public' && reading.confidentiality.reason === 'denunciation' ? null : found
}

async function join(
  tx: Tx,
  event: StoredEvent,
  reading: Reading,
  to: Case,
  limits: ShownLimits,
  now: Date,
): Promise<Received> {
  if (!(await closeEvent(tx, event.id, 'joined_case', now))) return { as: 'already_closed' }
  await addMessage(tx, to.id, event, now)
  await wantFiles(tx, to.id, event, now)
  await appendHistory(tx, { caseId: to.id, what: 'message_added', details: { eventId: event.id } }, now)
  const becameUrgent = reading.label.urgent && !to.urgent
  if (becameUrgent) await markUrgent(tx, to.id, now)
  if (reading.needsOfficer) await reopenFor(tx, to, event, now)
  const lines = await privateLines(tx, to, event)
  if (reading.needsOfficer || lines.includes(answeringTexts.mayResend)) {
    const { platform } = await getAccount(tx, event.accountId)
    const { id: eventId, attachments } = event
    const spoken = spokenAttachments({ eventId, attachments }, await caseFiles(tx, to.id), limits)
    const attached = attachmentLines(spoken, whereToLook(platform, event.place.kind))
    const text = officerTexts.addition(to.code, event.text, [...attached, ...lines], reading.label.urgent)
    await tellWorkers(tx, becameUrgent ? { ...to, urgent: true } : to, event.id, text, now)
  }
  return { as: 'joined', caseId: to.id }
}

async function open(tx: Tx, event: StoredEvent, reading: Reading, reacts: boolean, now: Date): Promise<Received> {
  if (!(await closeEvent(tx, event.id, 'opened_case', now))) return { as: 'already_closed' }
  const acknowledge = await howAcknowledged(tx, event, reacts)
  const caseId = await openCase(tx, event, reading.label, reading.confidentiality, acknowledge, now)
  if (caseId === null) return { as: 'already_closed' }
  await wantFiles(tx, caseId, event, now)
  return { as: 'opened', caseId, reading }
}

/**
 * In a residents' group no word is said before the answer: boilerplate gets a bot thrown out, so a sign under the question has
 * to do. Nothing is said of history that we fetched ourselves: "we have just received this" hours later reads like mockery.
 */
async function howAcknowledged(
  tx: Tx,
  { place, lane, unitId }: StoredEvent,
  reacts: boolean,
): Promise<Acknowledge | null> {
  if (lane >= lanes.backfill) return null
  if (place.kind === 'group') return reacts ? { by: 'reaction', sign: residentTexts.seen } : null
  const { signature } = await findUnit(tx, unitId)
  const isDirect = place.kind === 'direct'
  return {
    by: 'words',
    words: (code, previous) => residentTexts.acknowledgement({ signature, isDirect, code, previous }),
  }
}

async function leave(tx: Tx, event: StoredEvent, now: Date): Promise<Received> {
  return (await closeEvent(tx, event.id, 'needs_no_officer', now))
    ? { as: 'needs_no_officer' }
    : { as: 'already_closed' }
}
