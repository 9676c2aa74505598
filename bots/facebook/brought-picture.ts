import type { FileId } from '../../src/lib/ids.ts'
import { RejectedError } from '../../src/outbox/publisher.ts'
import type { Page } from './effect.ts'

/** The picture of a message, uploaded for what is about to show it; null: it has none. */
export async function broughtPicture(page: Page, fileId: FileId | null): Promise<string | null> {
  if (fileId === null) return null
  const picture = await page.openPicture(fileId)
  if (picture === null)
    throw new RejectedError('the picture is not there', { answered: false, platformCode: 'no_picture' })
  const { uploadPhoto } = await import('./upload-photo.ts')
  return uploadPhoto(page, picture)
}
