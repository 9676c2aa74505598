import { getAccount } from '../accounts/store.ts'
import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case, getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { giveToOthers } from '../dispatch/refused.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import { findFile } from '../files/store.ts'
import { Place } from '../intake/event.ts'
import type { AccountId, CaseId, FileId, OutboxId, UnitId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'
import { hasAnswer, isAnswer } from '../outbox/has-answer.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import { answeringTexts } from '../texts/answering.ts'
import { pictureMissing, whereToLook } from '../texts/attachments.ts'
import { officerTexts } from '../texts/officer.ts'
import { photoTexts } from '../texts/photos.ts'
import { tellAuthor } from './typed-in.ts'

type Trouble = 'needs_person' | 'rejected'

interface Row {
  readonly id: OutboxId
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly caseId: CaseId | null
  readonly kind: string
  readonly fileId: FileId | null
  readonly originId: string
  readonly errorCode: string | null
  readonly attempts: number
}

/**
 * What became of an answer cannot be known, or the platform will not take it: those who have the case are told. One that
 * was not taken is owed still, and may be given again in other words. A card that nobody got goes to somebody else.
 */
export async function tellOfTrouble(tx: Tx, id: OutboxId, trouble: Trouble, now: Date): Promise<void> {
  const row = await tx
    .selectFrom('outbox')
    .select(['id', 'accountId', 'unitId', 'caseId', 'kind', 'fileId', 'originId', 'errorCode', 'attempts'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (row.kind === 'post') return tellOfPost(tx, row, trouble, now)
  const about = row.caseId === null ? null : await getCase(tx, row.caseId)
  if (row.kind === 'file') return tellOfPicture(tx, about, row, now)
  if (about === null) return tellOfChangedPost(tx, row, trouble, now)
  if (row.kind === 'card') return giveToOthers(tx, about, row, now)
  if (isAnswer(row)) await oweAgain(tx, about, row, trouble, now)
  const text = trouble === 'needs_person' ? unknown(row, about) : rejected(row, about)
  if (text !== null) await tellWorkers(tx, about, id, text, now, versionOf(row))
}

/** Each attempt may end in trouble anew, and what is told of the row besides that is the first version. */
function versionOf({ attempts }: Row): number {
  return attempts + 2
}

/** A case that has its answer in public is owed nothing because one in private did not arrive. */
async function oweAgain(tx: Tx, about: Case, row: Row, trouble: Trouble, now: Date): Promise<void> {
  if (trouble !== 'rejected' || (await hasAnswer(tx, about, row.id))) return
  if (!(await moveCase(tx, about.id, 'answered', 'assigned', now))) return
  const details = { outboxId: row.id, because: row.errorCode }
  await appendHistory(tx, { caseId: about.id, what: 'answer_rejected', details }, now)
}

function unknown(row: Row, { code }: Case): string | null {
  if (isAnswer(row)) return officerTexts.askPerson(code)
  if (row.kind === 'photo') return photoTexts.askPerson(code)
  return actsOnWall.has(row.kind) ? answeringTexts.askPerson(code) : null
}

const actsOnWall: ReadonlySet<string> = new Set(['edit', 'delete', 'hide', 'unhide'])

function rejected({ kind, errorCode, fileId }: Row, { code }: Case): string | null {
  switch (kind) {
    case 'answer':
      if (errorCode === 'outside_window') return answeringTexts.outsideWindow(code)
      if (errorCode === 'person_unavailable') return answeringTexts.personUnavailable(code)
      return fileId === null ? officerTexts.rejected(code) : photoTexts.rejectedWithAnswer(code)
    case 'photo':
      return photoTexts.rejected(code)
    case 'private_reply':
      return answeringTexts.onlyPublicIsLeft(code)
    case 'edit':
      return answeringTexts.editRejected(code)
    case 'delete':
      return answeringTexts.takeDownRejected(code)
    case 'hide':
    case 'unhide':
      return answeringTexts.hidingRejected(code)
    default:
      return null
  }
}

async function tellOfPost(tx: Tx, row: Row, trouble: Trouble, now: Date): Promise<void> {
  const { name } = await getAccount(tx, row.accountId)
  const text = trouble === 'needs_person' ? answeringTexts.postUnknown(name) : answeringTexts.postRejected(name)
  await tellAuthor(tx, row, text, now, versionOf(row))
}

/** Who gave the order about a post that belongs to no case has to look, or to do it by hand. */
async function tellOfChangedPost(tx: Tx, row: Row, trouble: Trouble, now: Date): Promise<void> {
  if (row.kind !== 'edit' && row.kind !== 'delete') return
  const { name } = await getAccount(tx, row.accountId)
  const rejected = row.kind === 'edit' ? answeringTexts.postEditRejected : answeringTexts.postTakeDownRejected
  const text = trouble === 'needs_person' ? answeringTexts.postChangeUnknown(name) : rejected(name)
  await tellAuthor(tx, row, text, now, versionOf(row))
}

/** Nobody is asked about a picture: they look where it came from. */
async function tellOfPicture(tx: Tx, about: Case | null, row: Row, now: Date): Promise<void> {
  const file = row.fileId === null ? null : await findFile(tx, row.fileId)
  if (file === null) return
  if (file.caseId === null) return tellApprover(tx, about, row, now)
  if (about === null) return
  const { platform } = await getAccount(tx, about.accountId)
  const where = whereToLook(platform, about.placeKind)
  await tellWorkers(tx, about, row.id, pictureMissing(about.code, file.number, file.bytes, where), now)
}

/** Whoever is asked for a yes has to know that they have not seen all of it. */
async function tellApprover(
  tx: Tx,
  about: Case | null,
  { id, accountId, unitId, caseId }: Row,
  now: Date,
): Promise<void> {
  const { address, placeKind, placeId } = await tx
    .selectFrom('outbox')
    .select(['address', 'placeKind', 'placeId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const place = Place.parse({ kind: placeKind, id: placeId })
  const text = photoTexts.notShownToApprover(about?.code ?? null)
  const notice = { accountId, unitId, caseId, originId: id, address: JsonObject.parse(address), place } as const
  await queueForOfficer(tx, { ...notice, kind: 'notice', lane: 'live', text }, now)
}
