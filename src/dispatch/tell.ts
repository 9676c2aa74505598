import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { AccountId, CaseId, UnitId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'
import type { Lane } from '../lib/lane.ts'
import { queueForOfficer } from '../outbox/queue.ts'

/** A chat in which a card of the case stands. */
export interface CardChat {
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly address: JsonObject
  readonly place: Place
}

/** Where the latest cards of the case stand. Earlier chats are left out: it may have become restricted since. */
export async function latestCards(tx: Tx, caseId: CaseId): Promise<CardChat[]> {
  const latest = await latestDecision(tx, caseId)
  if (latest === null) return []
  const cards = await tx
    .selectFrom('outbox')
    .select(['accountId', 'unitId', 'address', 'placeKind', 'placeId'])
    .where('originId', '=', latest)
    .where('kind', '=', 'card')
    .execute()
  return cards.map(({ placeKind, placeId, address, ...card }) => ({
    ...card,
    address: JsonObject.parse(address),
    place: Place.parse({ kind: placeKind, id: placeId }),
  }))
}

/** Who has the case by now was decided there; null: nobody yet. */
export async function latestDecision(tx: Tx, caseId: CaseId): Promise<string | null> {
  const latest = await tx
    .selectFrom('routingDecisions')
    .select('id')
    .where('caseId', '=', caseId)
    .orderBy('decidedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return latest?.id ?? null
}

/** Tells something to those who have the case now, in the chats where its latest card stands; each `version` once. */
export async function tellWorkers(
  tx: Tx,
  about: Case,
  originId: string,
  text: string,
  now: Date,
  version = 1,
): Promise<void> {
  const lane = about.urgent ? 'urgent' : 'live'
  for (const card of await latestCards(tx, about.id)) {
    await queueForOfficer(tx, { ...card, caseId: about.id, originId, kind: 'notice', lane, text, version }, now)
  }
}

/** Says something in the chat in which an officer wrote this; each `version` about the same origin once. */
export async function tellInChat(
  tx: Tx,
  { accountId, unitId, address, place }: StoredEvent,
  notice: {
    readonly caseId: CaseId | null
    readonly originId: string
    readonly text: string
    readonly lane: Lane
    readonly unitId?: UnitId
    readonly version?: number
  },
  now: Date,
): Promise<void> {
  if (address === null) return
  await queueForOfficer(tx, { accountId, unitId, address, place, kind: 'notice', ...notice }, now)
}
