import type { Db, Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { type EventId, FileId, newId } from '../lib/ids.ts'
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
  const kept = await find(db, eventId, position).executeTakeFirstOrThrow()
  if (kept.state === 'wanted') return { as: 'fetching' }
  return isPhoto(kept) ? { as: 'kept', fileId: kept.id } : { as: 'lost' }
}

/** The photo of a message that was carried out before, as it is kept. Null: it brought none. */
export async function settledPhoto(tx: Tx, message: StoredEvent): Promise<FileId | 'lost' | null> {
  const position = photoPosition(message)
  if (position === null) return null
  const kept = await find(tx, message.id, position).executeTakeFirst()
  return kept !== undefined && isPhoto(kept) ? kept.id : 'lost'
}

function find(db: Db | Tx, eventId: EventId, position: number) {
  return db
    .selectFrom('files')
    .select(['id', 'state', 'mediaType', 'bytes'])
    .where('eventId', '=', eventId)
    .where('position', '=', position)
}

function isPhoto({ state, mediaType, bytes }: Kept): boolean {
  return state === 'fetched' && pictureEnding(mediaType ?? '') !== null && (bytes ?? 0) <= maxPhotoBytes
}

interface Kept {
  readonly state: string
  readonly mediaType: string | null
  readonly bytes: number | null
}
