import { getAccount } from '../accounts/store.ts'
import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case, getCase, lockCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { CaseId, OutboxId } from '../lib/ids.ts'
import { type Confirmed, confirmRow } from '../outbox/confirm.ts'
import { answeringTexts } from '../texts/answering.ts'
import { officerTexts } from '../texts/officer.ts'
import { photoTexts } from '../texts/photos.ts'
import { followWithPhoto } from './photo-after.ts'
import { tellAuthor } from './typed-in.ts'
import { unpublish } from './unpublish.ts'

/**
 * An effect of ours is known to stand where it was meant to: what follows for its case is written down, and the officer
 * whose words or order it was is told, in the chat where it was given. False: it was confirmed before.
 */
export async function confirmEffect(tx: Tx, id: OutboxId, messageId: string | null, now: Date): Promise<boolean> {
  const confirmed = await confirmRow(tx, id, messageId, now)
  if (confirmed === null) return false
  const about = confirmed.caseId === null ? null : await read(tx, confirmed.caseId, confirmed.kind)
  if (confirmed.kind === 'post') await tellAuthor(tx, confirmed, await posted(tx, confirmed), now)
  const what = about === null ? null : await followUp(tx, confirmed, about, now)
  if (what !== null && about !== null) await remember(tx, about, what, confirmed, now)
  if (about === null) await withoutCase(tx, confirmed, now)
  return true
}

/** What moves a case is done under its lock. */
function read(tx: Tx, caseId: CaseId, kind: string): Promise<Case> {
  return movers.has(kind) ? lockCase(tx, caseId) : getCase(tx, caseId)
}

const movers: ReadonlySet<string> = new Set(['answer', 'private_reply', 'delete'])

/** What follows for the case. Returns what its history calls it; null: nothing worth a line. */
async function followUp(tx: Tx, row: Confirmed, about: Case, now: Date): Promise<string | null> {
  const { code } = about
  switch (row.kind) {
    case 'card':
      return 'card_delivered'
    case 'acknowledgement':
    case 'reaction':
      return 'acknowledged'
    case 'answer':
    case 'private_reply':
      await moveCase(tx, about.id, 'answered', 'published', now)
      await tellAuthor(tx, row, published(row, code), now)
      await followWithPhoto(tx, about, row, now)
      return 'published'
    case 'photo':
      await tellAuthor(tx, row, photoTexts.shown(code), now)
      return 'photo_shown'
    case 'edit':
      await tellAuthor(tx, row, answeringTexts.edited(code), now)
      return 'answer_edited'
    case 'delete':
      await takenDown(tx, row, now)
      await tellAuthor(tx, row, answeringTexts.takenDown(code, about.confidentiality !== 'public'), now)
      return 'taken_down'
    case 'hide':
      await tellAuthor(tx, row, answeringTexts.hidden(code), now)
      return 'comment_hidden'
    case 'unhide':
      await tellAuthor(tx, row, answeringTexts.shown(code), now)
      return 'comment_shown'
    case 'post':
      return 'posted'
    default:
      return null
  }
}

function published(row: Confirmed, code: string): string {
  const text = officerTexts.published(code, row.audience === 'resident')
  if (row.fileId === null) return text
  return row.place.kind === 'post' ? photoTexts.published(code) : `${text}\n${photoTexts.follows}`
}

/** A post that belongs to no case, and what is done about it. */
async function withoutCase(tx: Tx, row: Confirmed, now: Date): Promise<void> {
  if (row.kind === 'edit') await tellAuthor(tx, row, answeringTexts.postEdited, now)
  if (row.kind !== 'delete') return
  await takenDown(tx, row, now)
  await tellAuthor(tx, row, answeringTexts.postTakenDown, now)
}

async function takenDown(tx: Tx, { accountId, targetId }: Confirmed, now: Date): Promise<void> {
  if (targetId !== null) await unpublish(tx, { accountId, messageId: targetId }, now)
}

async function posted(tx: Tx, { accountId, text }: Confirmed): Promise<string> {
  return answeringTexts.posted((await getAccount(tx, accountId)).name, text)
}

function remember(tx: Tx, { id: caseId }: Case, what: string, { id }: Confirmed, now: Date): Promise<void> {
  return appendHistory(tx, { caseId, what, details: { outboxId: id } }, now)
}
