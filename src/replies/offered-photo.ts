import type { Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { CaseId, FileId, OfficerId } from '../lib/ids.ts'

/** So long a photo waits for the words of the same officer; later ones are about something else. */
export const offerMinutes = 30

/** An officer sent a photo for this case and no words yet. */
export async function offerPhoto(
  tx: Tx,
  offered: { readonly fileId: FileId; readonly caseId: CaseId; readonly officerId: OfficerId },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('offeredPhotos')
    .values({ ...offered, offeredAt: now })
    .execute()
}

/** The latest photo that waits for this officer's words about this case; null: none does any more. */
export async function offeredPhoto(tx: Tx, caseId: CaseId, officerId: OfficerId, now: Date): Promise<FileId | null> {
  const offered = await tx
    .selectFrom('offeredPhotos')
    .select('fileId')
    .where('caseId', '=', caseId)
    .where('officerId', '=', officerId)
    .where('offeredAt', '>', plusMs(now, -offerMinutes * 60_000))
    .where((photo) =>
      photo.not(
        photo.exists(
          photo.selectFrom('outbox').select('outbox.id').whereRef('outbox.fileId', '=', 'offeredPhotos.fileId'),
        ),
      ),
    )
    .orderBy('offeredAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return offered?.fileId ?? null
}
