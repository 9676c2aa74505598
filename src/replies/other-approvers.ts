import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import type { StoredEvent } from '../intake/store.ts'
import { JsonObject } from '../lib/json.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import type { HeldRow } from './approval.ts'

/**
 * One of those who were asked has decided: the others read who it was and need not look any more. A question that has not
 * left yet is not asked at all.
 */
export async function tellOtherApprovers(
  tx: Tx,
  row: HeldRow,
  decision: Pick<StoredEvent, 'accountId' | 'place'>,
  text: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: 'decided', changedAt: now })
    .where('originId', '=', row.id)
    .where('kind', 'in', ['approval', 'file'])
    .where('state', '=', 'pending')
    .execute()
  const asked = await tx
    .selectFrom('outbox')
    .select(['accountId', 'unitId', 'caseId', 'address', 'placeKind', 'placeId'])
    .where('originId', '=', row.id)
    .where('kind', '=', 'approval')
    .where('version', '=', 1)
    .where('state', '!=', 'cancelled')
    .where((card) =>
      card.not(card.and([card('accountId', '=', decision.accountId), card('placeId', '=', decision.place.id)])),
    )
    .orderBy('id')
    .execute()
  for (const { placeKind, placeId, address, ...card } of asked) {
    const place = Place.parse({ kind: placeKind, id: placeId })
    const notice = { ...card, originId: row.id, address: JsonObject.parse(address), place } as const
    await queueForOfficer(tx, { ...notice, kind: 'notice', lane: 'acknowledgements', text }, now)
  }
}
