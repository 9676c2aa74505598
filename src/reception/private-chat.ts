import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case, lockCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { windowEndIn } from '../intake/window.ts'
import type { CaseId } from '../lib/ids.ts'
import { caseOfChat } from '../outbox/opened-chat.ts'
import { undeliveredAnswer } from '../outbox/undelivered.ts'
import { answeringTexts } from '../texts/answering.ts'

const joinable: ReadonlySet<string> = new Set(['received', 'assigned', 'answered', 'published', 'answered_outside'])

/**
 * The case of a comment whose private answer opened this chat: what its author writes there belongs to it, although the
 * platform calls that person by another id here. Null: the chat is none of that kind.
 */
export async function caseBehindChat(tx: Tx, { accountId, place }: StoredEvent, now: Date): Promise<CaseId | null> {
  if (place.kind !== 'direct') return null
  const id = await caseOfChat(tx, { accountId, personId: place.id, at: now })
  return id !== null && joinable.has((await lockCase(tx, id)).status) ? id : null
}

/** Who asks again in private is owed an answer again, whatever stands in public. */
export async function reopenFor(tx: Tx, about: Case, event: StoredEvent, now: Date): Promise<void> {
  if (about.status !== 'published' && about.status !== 'answered_outside') return
  if (!(await moveCase(tx, about.id, about.status, 'assigned', now))) return
  await appendHistory(tx, { caseId: about.id, what: 'reopened', details: { eventId: event.id } }, now)
}

/** What officers have to know of something that was written 1:1: where an answer goes, until when, and what waits for it. */
export async function privateLines(tx: Tx, about: Case, { accountId, place }: StoredEvent): Promise<string[]> {
  if (place.kind !== 'direct') return []
  const until = await windowEndIn(tx, accountId, place.id)
  return [
    ...(about.placeKind === 'direct' ? [] : [answeringTexts.writtenPrivately]),
    ...(until === null ? [] : [answeringTexts.answerUntil(until)]),
    ...((await undeliveredAnswer(tx, about.id)) === null ? [] : [answeringTexts.mayResend]),
  ]
}
