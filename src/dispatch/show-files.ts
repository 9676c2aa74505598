import { getAccount } from '../accounts/store.ts'
import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { type CaseFile, caseFiles } from '../files/store.ts'
import { plusMs } from '../lib/clock.ts'
import { queueForOfficer, queuePicture } from '../outbox/queue.ts'
import { pictureCaption, pictureMissing, whereToLook } from '../texts/attachments.ts'
import { isShown, type ShownLimits } from './attachments.ts'
import { type CardChat, latestCards } from './tell.ts'

/**
 * The pictures of a case follow its cards, in the chats where its latest cards stand and in no other. Its case must be
 * locked: whoever comes second, the card or the picture, finds the first.
 */
export async function showPictures(tx: Tx, about: Case, limits: ShownLimits, now: Date): Promise<void> {
  const pictures = (await caseFiles(tx, about.id)).filter((file) => file.state === 'fetched' && isShown(file, limits))
  if (pictures.length === 0) return
  for (const card of await latestCards(tx, about.id)) {
    for (const picture of pictures) await show(tx, about, card, picture, now)
  }
}

/** A file is fetched, or will not be: who has the case sees the picture, or learns that the promised one will not come. */
export async function showSettled(tx: Tx, about: Case, file: CaseFile, limits: ShownLimits, now: Date): Promise<void> {
  // Not with anybody at the moment: the next card brings all of it. It may have become restricted since the last one.
  if (about.status === 'received' || about.status === 'withdrawn') return
  if (!isShown({ ...file, state: 'wanted' }, limits)) return // the card has named it
  for (const card of await latestCards(tx, about.id)) {
    if (isShown(file, limits) && mayStandIn(card, about)) await show(tx, about, card, file, now)
    else await tellMissing(tx, about, card, file, now)
  }
}

/** Whoever restricts a case that stands in a group shows that group no more of it. */
function mayStandIn({ place }: CardChat, about: Case): boolean {
  return about.confidentiality === 'public' || place.kind === 'direct'
}

async function show(tx: Tx, about: Case, card: CardChat, { id, number }: CaseFile, now: Date): Promise<void> {
  const text = pictureCaption(about.code, number)
  // A moment after the card, one after the other: rows of the same moment go out in any order.
  const due = plusMs(now, number)
  await queuePicture(tx, { ...card, caseId: about.id, originId: id, fileId: id, lane: 'live', text }, due)
}

async function tellMissing(tx: Tx, about: Case, card: CardChat, file: CaseFile, now: Date): Promise<void> {
  const { platform } = await getAccount(tx, about.accountId)
  const where = whereToLook(platform, about.placeKind)
  const text = pictureMissing(about.code, file.number, file.bytes, where)
  await queueForOfficer(
    tx,
    { ...card, caseId: about.id, originId: file.id, kind: 'notice', lane: 'acknowledgements', text },
    now,
  )
}
