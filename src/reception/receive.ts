import { addMessage, findContinued, openCase } from '../cases/open.ts'
import { appendHistory, getCase } from '../cases/store.ts'
import { type Db, transaction } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import type { Attachment } from '../intake/event.ts'
import { closeEvent, type StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { officerTexts } from '../texts/officer.ts'
import { residentTexts } from '../texts/resident.ts'
import { classify } from '../understanding/classify.ts'
import { confidentialityOf } from '../understanding/confidentiality.ts'
import type { Label } from '../understanding/label.ts'
import { findUnit } from '../units/store.ts'

export type Received =
  | { readonly as: 'opened'; readonly caseId: CaseId; readonly label: Label }
  | { readonly as: 'joined'; readonly caseId: CaseId }
  | { readonly as: 'needs_no_officer' }
  | { readonly as: 'already_closed' }

/** A resident's message becomes a case, joins the open one it continues, or needs nobody (thanks, tags, chit-chat). */
export async function receiveMessage(db: Db, event: StoredEvent, now: Date): Promise<Received> {
  const label = classify(event.text ?? '')
  const confidentiality = confidentialityOf(label, event.text)
  const isOnlySticker = event.text === null && event.attachments.length > 0 && event.attachments.every(isSticker)
  const joined = await transaction(db, 'join-case', async (tx) => {
    const continued = await findContinued(tx, event)
    if (continued === null) return null
    // A new accusation never joins what the public can read: it becomes a restricted case of its own.
    const openTo = await getCase(tx, continued)
    if (openTo.confidentiality === 'public' && confidentiality.reason === 'denunciation') return null
    if (!(await closeEvent(tx, event.id, 'joined_case', now))) return 'already_closed'
    await addMessage(tx, continued, event, now)
    await tellWorkers(
      tx,
      openTo,
      event.id,
      officerTexts.addition(openTo.code, event.text, event.attachments.length),
      now,
    )
    await appendHistory(tx, { caseId: continued, what: 'message_added', details: { eventId: event.id } }, now)
    return continued
  })
  if (joined === 'already_closed') return { as: 'already_closed' }
  if (joined !== null) return { as: 'joined', caseId: joined }

  return transaction(db, 'open-case', async (tx) => {
    const needsOfficer = !isOnlySticker && (label.kind !== 'other' || confidentiality.confidentiality === 'restricted')
    if (!(await closeEvent(tx, event.id, needsOfficer ? 'opened_case' : 'needs_no_officer', now)))
      return { as: 'already_closed' }
    if (!needsOfficer) return { as: 'needs_no_officer' }
    const { signature } = await findUnit(tx, event.unitId)
    const isDirect = event.place.kind === 'direct'
    // In a residents' group nothing is said before the answer: boilerplate gets a bot thrown out.
    const acknowledgement = event.place.kind === 'group' ? null : residentTexts.acknowledgement(signature, isDirect)
    const caseId = await openCase(tx, event, label, confidentiality, acknowledgement, now)
    return caseId === null ? { as: 'already_closed' } : { as: 'opened', caseId, label }
  })
}

function isSticker({ kind }: Attachment): boolean {
  return kind === 'sticker'
}
