import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import { plusMs } from '../lib/clock.ts'
import type { CaseId, OutboxId } from '../lib/ids.ts'
import type { WorkChat } from './recipients.ts'
import { latestDecision } from './tell.ts'

/** States of a card that nobody will read. */
const unread = ['rejected', 'needs_person', 'cancelled'] as const

/** After that a chat is tried again: somebody may have brought the account back. */
const DAY_MS = 24 * 3_600_000

/**
 * Chats that have lately refused a card of this case: the account is in that group no more, or is blocked by that
 * officer.
 */
export async function refusedCards(tx: Tx, caseId: CaseId, now: Date): Promise<WorkChat[]> {
  const cards = await tx
    .selectFrom('outbox')
    .select(['accountId', 'placeKind', 'placeId'])
    .where('caseId', '=', caseId)
    .where('kind', '=', 'card')
    .where('state', '=', 'rejected')
    .where('changedAt', '>', plusMs(now, -DAY_MS))
    .execute()
  return cards.map(({ accountId, placeKind, placeId }) => ({
    accountId,
    place: Place.parse({ kind: placeKind, id: placeId }),
  }))
}

/**
 * A card did not come to those it was meant for. Unless others of the same decision did, nobody knows of the case: it
 * waits again for whoever can be reached, and the sweep finds it.
 */
export async function giveToOthers(
  tx: Tx,
  about: Case,
  { id, originId, errorCode }: { readonly id: OutboxId; readonly originId: string; readonly errorCode: string | null },
  now: Date,
): Promise<void> {
  if ((await latestDecision(tx, about.id)) !== originId) return // it was given to somebody else since
  const other = await tx
    .selectFrom('outbox')
    .select('id')
    .where('originId', '=', originId)
    .where('kind', '=', 'card')
    .where('id', '!=', id)
    .where('state', 'not in', unread)
    .limit(1)
    .executeTakeFirst()
  if (other !== undefined || !(await moveCase(tx, about.id, 'assigned', 'received', now))) return
  await appendHistory(
    tx,
    { caseId: about.id, what: 'card_refused', details: { outboxId: id, because: errorCode } },
    now,
  )
}
