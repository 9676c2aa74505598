import { moveCase } from '../cases/move.ts'
import { setConfidentiality } from '../cases/restrict.ts'
import { appendHistory, type Case, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import { closeEvent, type StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { hasAnswer } from '../outbox/has-answer.ts'
import { officerTexts } from '../texts/officer.ts'
import { read } from './reading.ts'

/**
 * A resident changed what stands in a case: who has the case reads the new words, also when it is answered already. Words
 * that have become an accusation restrict it. Returns the case that has to be routed anew, if any.
 */
export async function receiveEdit(db: Db, edit: StoredEvent, now: Date): Promise<{ routeAgain: CaseId | null }> {
  return transaction(db, 'receive-message', async (tx) => {
    const caseId = await findEdited(tx, edit)
    if (!(await closeEvent(tx, edit.id, caseId === null ? 'edit_noted' : 'case_edited', now)))
      return { routeAgain: null }
    if (caseId === null) return { routeAgain: null }
    const edited = await lockCase(tx, caseId)
    await tx.insertInto('caseMessages').values({ caseId, eventId: edit.id, addedAt: now }).execute()
    await appendHistory(tx, { caseId, what: 'message_edited', details: { eventId: edit.id } }, now)
    const isNowAccusation = read(edit).confidentiality.reason === 'denunciation'
    if (isNowAccusation && edited.confidentiality === 'public') return restrict(tx, edited, edit, now)
    await tellWorkers(tx, edited, edit.id, officerTexts.edited(edited.code, edit.text), now)
    return { routeAgain: null }
  })
}

async function restrict(tx: Tx, edited: Case, edit: StoredEvent, now: Date): Promise<{ routeAgain: CaseId | null }> {
  // Told before it is restricted, without the words: those who had it until now may not read the new ones.
  await tellWorkers(tx, edited, edit.id, officerTexts.editedIntoAccusation(edited.code), now)
  await setConfidentiality(tx, edited.id, 'restricted', { reason: 'denunciation' }, now)
  // Its answer was taken back before it left: nobody has answered this.
  if (!(await hasAnswer(tx, edited))) await moveCase(tx, edited.id, 'answered', 'assigned', now)
  const waits = await moveCase(tx, edited.id, 'assigned', 'received', now)
  return { routeAgain: waits ? edited.id : null }
}

async function findEdited(tx: Tx, edit: StoredEvent): Promise<CaseId | null> {
  if (edit.messageId === null) return null
  const found = await tx
    .selectFrom('caseMessages')
    .innerJoin('events', 'events.id', 'caseMessages.eventId')
    .select('caseMessages.caseId')
    .where('events.accountId', '=', edit.accountId)
    .where('events.messageId', '=', edit.messageId)
    .executeTakeFirst()
  return found?.caseId ?? null
}
