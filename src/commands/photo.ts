import type { Db } from '../db/client.ts'
import { keepPhoto, type OfficerPhoto, photoPosition } from '../files/officer-photo.ts'
import type { StoredEvent } from '../intake/store.ts'
import { findQuoted } from '../outbox/quoted.ts'
import type { Means } from '../replies/means.ts'
import { withoutOurName } from './mention.ts'
import { parseCommand } from './parse.ts'

/**
 * The photo that an officer sent to be published. Null: there is none, or nothing says that it is meant for us: what
 * colleagues show one another is not fetched.
 */
export async function photoOf(
  db: Db,
  message: StoredEvent,
  { tellsQuotes }: Pick<Means, 'tellsQuotes'>,
  now: Date,
): Promise<OfficerPhoto | null> {
  const position = photoPosition(message)
  if (position === null) return null
  // Where quotes are not told, whatever reaches us is meant for us.
  if (tellsQuotes && !(await isForUs(db, await withoutOurName(db, message)))) return null
  return keepPhoto(db, message, position, now)
}

async function isForUs(db: Db, message: StoredEvent): Promise<boolean> {
  const { command, code } = parseCommand(message.text ?? '')
  return code !== null || command.kind === 'post' || (await findQuoted(db, message)) !== null
}
