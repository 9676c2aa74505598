import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import { JsonObject } from '../lib/json.ts'
import { queueForOfficer } from '../outbox/queue.ts'

/**
 * Tells something to those who have the case now, in the chats where its latest card stands. Earlier chats are left
 * out: the case may have become restricted since.
 */
export async function tellWorkers(tx: Tx, about: Case, originId: string, text: string, now: Date): Promise<void> {
  const latest = await tx
    .selectFrom('routingDecisions')
    .select('id')
    .where('caseId', '=', about.id)
    .orderBy('decidedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (latest === undefined) return
  const cards = await tx
    .selectFrom('outbox')
    .select(['accountId', 'unitId', 'address', 'placeKind', 'placeId'])
    .where('originId', '=', latest.id)
    .where('kind', '=', 'card')
    .execute()
  for (const card of cards) {
    await queueForOfficer(
      tx,
      {
        accountId: card.accountId,
        unitId: card.unitId,
        caseId: about.id,
        originId,
        address: JsonObject.parse(card.address),
        place: Place.parse({ kind: card.placeKind, id: card.placeId }),
        kind: 'notice',
        lane: about.urgent ? 'urgent' : 'live',
        text,
      },
      now,
    )
  }
}
