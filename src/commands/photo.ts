import type { Db } from '../db/client.ts'
import { keepPhoto, type OfficerPhoto, photoPosition } from '../files/officer-photo.ts'
import type { StoredEvent } from '../intake/store.ts'
import { parseCommand } from './parse.ts'

/**
 * The photo that an officer sent to be published. Null: there is none, or nothing says that it is meant for us: what
 * colleagues show one another is not fetched.
 */
export async function photoOf(db: Db, message: StoredEvent, now: Date): Promise<OfficerPhoto | null> {
  const position = photoPosition(message)
  if (position === null || !(await isForUs(db, message))) return null
  return keepPhoto(db, message, position, now)
}

async function isForUs(db: Db, { accountId, quotedMessageId, text }: StoredEvent): Promise<boolean> {
  const { command, code } = parseCommand(text ?? '')
  if (code !== null || command.kind === 'post') return true
  if (quotedMessageId === null) return false
  const ours = await db
    .selectFrom('outbox')
    .select('id')
    .where('accountId', '=', accountId)
    .where('messageId', '=', quotedMessageId)
    .executeTakeFirst()
  return ours !== undefined
}
