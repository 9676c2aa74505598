import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { AnswerId, newId, type OfficerId } from '../lib/ids.ts'

/** An officer's words as they were typed, and the chat message in which. */
export interface Typed {
  readonly officerId: OfficerId
  readonly message: StoredEvent
  readonly text: string
}

/** Mark and separators that will be added to the text; code and ordinal have a known greatest length. */
export const MARK_CHARS = '\n\nMã: DH-XXX-XXX · 9999'.length

/** Keeps the words as the next version of the case's answer. */
export async function saveAnswer(tx: Tx, about: Pick<Case, 'id'>, by: Typed, now: Date): Promise<AnswerId> {
  const { version } = await tx
    .selectFrom('answers')
    .select((select) => select.fn.countAll<string>().as('version'))
    .where('caseId', '=', about.id)
    .executeTakeFirstOrThrow()
  const id = newId(AnswerId, now)
  const values = { id, caseId: about.id, version: Number(version) + 1, officerId: by.officerId, eventId: by.message.id }
  await tx
    .insertInto('answers')
    .values({ ...values, text: by.text.trim(), createdAt: now })
    .execute()
  return id
}
