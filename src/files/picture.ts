import type { Db } from '../db/client.ts'
import type { FileId } from '../lib/ids.ts'
import type { Picture } from '../outbox/publisher.ts'
import type { FileFolder } from './folder.ts'
import { pictureSize } from './picture-size.ts'
import { pictureEnding } from './sniff.ts'
import { findFile } from './store.ts'

/** A fetched picture, ready to be sent on; null when it is not there or is broken. */
export async function openPicture(db: Db, folder: FileFolder, id: FileId): Promise<Picture | null> {
  const file = await findFile(db, id)
  if (file === null || file.sha256 === null || file.mediaType === null) return null
  const ending = pictureEnding(file.mediaType)
  const data = ending === null ? null : await folder.read(file.sha256)
  const size = data === null ? null : pictureSize(data, file.mediaType)
  return data === null || size === null ? null : { data, name: `anh-${file.number}.${ending}`, ...size }
}
