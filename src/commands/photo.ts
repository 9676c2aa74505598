import type { Db } from '../db/client.ts'
import { keepPhoto, type OfficerPhoto, photoPosition } from '../files/officer-photo.ts'
import type { StoredEvent } from '../intake/store.ts'
import { findQuoted } from '../outbox/quoted.ts'
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

async function isForUs(db: Db, message: StoredEvent): Promise<boolean> {
  const { command, code } = parseCommand(message.text ?? '')
  return code !== null || command.kind === 'post' || (await findQuoted(db, message)) !== null
}
