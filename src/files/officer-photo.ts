import type { Db } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { FileId, newId } from '../lib/ids.ts'
import { spokenKind } from './kinds.ts'
import { pictureEnding } from './sniff.ts'

/** The most that Facebook takes as a photo. */
const maxPhotoBytes = 10_000_000

export type OfficerPhoto =
  | { readonly as: 'fetching' }
  | { readonly as: 'kept'; readonly fileId: FileId }
  /** It cannot be had, or is nothing that could be published as a photo. */
  | { readonly as: 'lost' }

/** Where among its attachments the message has its first photo; null: it brought none. */
export function photoPosition({ attachments }: Pick<StoredEvent, 'attachments'>): number | null {
  const at = attachments.findIndex(({ kind, url }) => spokenKind(kind) === 'photo' && url !== null)
  return at < 0 ? null : at
}

/**
 * The photo of an officer's message as it is kept with us; the first to ask has it fetched. What is published is always
 * these bytes: the address in the message ends with its chat.
 */
export async function keepPhoto(
  db: Db,
  { id: eventId }: StoredEvent,
  position: number,
  now: Date,
): Promise<OfficerPhoto> {
  const wanted = { id: newId(FileId, now), eventId, caseId: null, position, number: position + 1, kind: 'photo' }
  await db
    .insertInto('files')
    .values({ ...wanted, changedAt: now })
    .onConflict((conflict) => conflict.columns(['eventId', 'position']).doNothing())
    .execute()
  const { id, state, mediaType, bytes } = await db
    .selectFrom('files')
    .select(['id', 'state', 'mediaType', 'bytes'])
    .where('eventId', '=', eventId)
    .where('position', '=', position)
    .executeTakeFirstOrThrow()
  if (state === 'wanted') return { as: 'fetching' }
  const isPhoto = state === 'fetched' && pictureEnding(mediaType ?? '') !== null && (bytes ?? 0) <= maxPhotoBytes
  return isPhoto ? { as: 'kept', fileId: id } : { as: 'lost' }
}
