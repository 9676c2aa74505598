import { getAccount } from '../accounts/store.ts'
import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case, getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import { findFile } from '../files/store.ts'
import type { FileId, OutboxId } from '../lib/ids.ts'
import { pictureMissing, whereToLook } from '../texts/attachments.ts'
import { officerTexts } from '../texts/officer.ts'

/**
 * What became of an answer cannot be known, or the platform will not take it: those who have the case are told. One that
 * was not taken is owed still, and may be given again in other words.
 */
export async function tellOfTrouble(
  tx: Tx,
  id: OutboxId,
  trouble: 'needs_person' | 'rejected',
  now: Date,
): Promise<void> {
  const row = await tx
    .selectFrom('outbox')
    .select(['caseId', 'kind', 'fileId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (row.caseId === null) return
  const about = await getCase(tx, row.caseId)
  if (row.fileId !== null) return tellOfPicture(tx, about, row.fileId, id, now)
  if (row.kind !== 'answer') return
  if (trouble === 'rejected' && (await moveCase(tx, about.id, 'answered', 'assigned', now)))
    await appendHistory(tx, { caseId: about.id, what: 'answer_rejected', details: { outboxId: id } }, now)
  const text = trouble === 'needs_person' ? officerTexts.askPerson(about.code) : officerTexts.rejected(about.code)
  await tellWorkers(tx, about, id, text, now)
}

/** Nobody is asked about a picture: they look where it came from. */
async function tellOfPicture(tx: Tx, about: Case, fileId: FileId, id: OutboxId, now: Date): Promise<void> {
  const file = await findFile(tx, fileId)
  if (file === null) return
  const { platform } = await getAccount(tx, about.accountId)
  const where = whereToLook(platform, about.placeKind)
  await tellWorkers(tx, about, id, pictureMissing(about.code, file.number, file.bytes, where), now)
}
