import { getAccount } from '../accounts/store.ts'
import { assignCase } from '../cases/assign.ts'
import { appendHistory, type Case, type CaseMessage, caseMessages, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { caseFiles } from '../files/store.ts'
import { type Place, Platform } from '../intake/event.ts'
import { findEvent } from '../intake/store.ts'
import { windowIn } from '../intake/window.ts'
import { type CaseId, newId, RoutingDecisionId, type UnitId } from '../lib/ids.ts'
import type { JsonObject } from '../lib/json.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import type { PublishingMode } from '../publishing/mode.ts'
import { modeOf } from '../publishing/modes.ts'
import { decideRoute, type RoutingDecision, type RoutingInput } from '../routing/decide.ts'
import { listRules, saveDecision } from '../routing/store.ts'
import { listUnits, type Unit } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import type { ShownLimits } from './attachments.ts'
import { cardText } from './card.ts'
import { type WorkChat, workChats } from './recipients.ts'
import { refusedCards } from './refused.ts'
import { showPictures } from './show-files.ts'
import { waitsForRouting } from './unrouted.ts'

/** How a platform writes down the address of a chat. */
export type ChatAddress = (platform: string, place: Place) => JsonObject

/** What the platforms say about the chats in which cards are read. */
interface RouteMeans {
  readonly chatAddress: ChatAddress
  readonly limits: ShownLimits
  /** Whether we learn on this platform which message is quoted. */
  readonly tellsQuotes?: (platform: string) => boolean
}

export type Routed =
  | { readonly routed: RoutingDecision }
  | { readonly routed: null; readonly why: 'nobody_reachable' | 'not_waiting' }

/** Decides who gets the case, keeps why, and queues the card. Nobody reachable: it stays received and is tried again. */
export async function routeCase(
  db: Db,
  id: CaseId,
  { chatAddress, limits, tellsQuotes = () => true }: RouteMeans,
  now: Date,
): Promise<Routed> {
  return transaction(db, 'route-case', async (tx) => {
    const found = await lockCase(tx, id)
    if (!(await waitsForRouting(tx, found, now))) return { routed: null, why: 'not_waiting' }
    const units = await listUnits(tx)
    const messages = await caseMessages(tx, id)
    const account = await getAccount(tx, found.accountId)
    const input = routingInput(found, Platform.parse(account.platform), messages)
    const wanted = decideRoute(input, await listRules(tx), units)
    const refused = await refusedCards(tx, id, now)
    const reached = await firstReachable(
      tx,
      wanted,
      { isPublic: found.confidentiality === 'public', refused },
      units,
      now,
    )
    if (reached === null) return { routed: null, why: 'nobody_reachable' }
    const files = await caseFiles(tx, id)
    const expected = await prospects(tx, found)
    const cardFor = (platform: string): string =>
      cardText(found, messages, files, account, limits, { ...expected, tellsQuotes: tellsQuotes(platform) })
    await assign(tx, found, reached, { cardFor, chatAddress }, now)
    await showPictures(tx, found, limits, now)
    return { routed: reached.decision }
  })
}

/** What becomes of an answer as things stand, and until when a question in private can be answered there, and for nothing. */
async function prospects(
  tx: Tx,
  { accountId, unitId, originEventId, placeKind }: Case,
): Promise<{ mode: PublishingMode; answerUntil: Date | null; freeUntil: Date | null }> {
  const place = (await findEvent(tx, originEventId))?.place ?? { kind: placeKind, id: '' }
  const mode = await modeOf(tx, { accountId, unitId, place })
  const window = place.kind === 'direct' ? await windowIn(tx, accountId, place.id) : null
  return { mode, answerUntil: window?.end ?? null, freeUntil: window?.freeUntil ?? null }
}

function routingInput(found: Case, platform: Platform, messages: readonly CaseMessage[]): RoutingInput {
  return {
    unitId: found.unitId,
    platform,
    place: found.placeKind,
    kind: found.kind,
    urgent: found.urgent,
    text: messages.map((message) => message.text ?? '').join('\n'),
    confidentiality: { confidentiality: found.confidentiality, reason: found.confidentialityReason },
  }
}

interface Reached {
  readonly decision: RoutingDecision
  readonly chats: readonly WorkChat[]
}

/** Keeps the decision, hands the case over and queues one card a chat. */
async function assign(
  tx: Tx,
  found: Case,
  { decision, chats }: Reached,
  { cardFor, chatAddress }: { cardFor: (platform: string) => string; chatAddress: ChatAddress },
  now: Date,
): Promise<void> {
  const decisionId = newId(RoutingDecisionId, now)
  await saveDecision(tx, decisionId, found.id, decision, now)
  await assignCase(tx, found.id, decision, now)
  const { unitId, duty, because } = decision
  await appendHistory(tx, { caseId: found.id, what: 'routed', details: { decisionId, unitId, duty, because } }, now)
  for (const { accountId, place } of chats) {
    const { platform } = await getAccount(tx, accountId)
    await queueForOfficer(
      tx,
      {
        accountId,
        unitId,
        caseId: found.id,
        originId: decisionId,
        address: chatAddress(platform, place),
        place,
        kind: 'card',
        lane: found.urgent ? 'urgent' : 'live',
        text: cardFor(platform),
      },
      now,
    )
  }
}

/** The decided unit, or the nearest one above it in which somebody can be reached. */
async function firstReachable(
  tx: Tx,
  wanted: RoutingDecision,
  { isPublic, refused }: { readonly isPublic: boolean; readonly refused: readonly WorkChat[] },
  units: readonly Unit[],
  now: Date,
): Promise<Reached | null> {
  const passed: UnitId[] = []
  for (const unit of lineage(units, wanted.unitId)) {
    const chats = await workChats(tx, unit.id, wanted.duty, isPublic, now, { notIn: refused })
    if (chats.length > 0) {
      const because =
        passed.length === 0 ? wanted.because : `${wanted.because}; nobody reachable there: ${passed.length} level up`
      return { decision: { ...wanted, unitId: unit.id, because }, chats }
    }
    passed.push(unit.id)
  }
  return null
}
