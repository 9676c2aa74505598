import { getAccount } from '../accounts/store.ts'
import { findCaseCode } from '../cases/code.ts'
import type { Db, Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'

/** A name at the head of a text is not longer than this. */
const MAX_NAME_CHARS = 80

/** What an officer said, without the name by which our account was called in a group. */
export async function withoutOurName(db: Db | Tx, message: StoredEvent): Promise<StoredEvent> {
  const { accountId, place, mentionsAccount, text } = message
  if (place.kind !== 'group' || !mentionsAccount || text === null) return message
  const { name } = await getAccount(db, accountId)
  return { ...message, text: withoutMention(text, name) }
}

/**
 * Pure. Takes "@name" from the head of a text. A name that we do not know ends where a case code begins, for how the
 * account is called on the platform may have changed.
 */
export function withoutMention(text: string, name: string): string {
  const said = text.normalize('NFC').trimStart()
  if (!said.startsWith('@')) return text
  const called = `@${name.normalize('NFC').trim()}`
  const isNamed = said.slice(0, called.length).toLowerCase() === called.toLowerCase()
  if (isNamed && !/^[\p{L}\p{N}]/u.test(said.slice(called.length))) {
    return said.slice(called.length).replace(/^[\s,:]+/u, '')
  }
  const code = findCaseCode(said)
  if (code === null || code.at > MAX_NAME_CHARS || said.slice(0, code.at).includes('\n')) return text
  const order = /thu\s+h[ồo]i\s+$/iu.exec(said.slice(0, code.at))
  return said.slice(order?.index ?? code.at)
}
