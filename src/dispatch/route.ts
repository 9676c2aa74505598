import { getAccount } from '../accounts/store.ts'
import { assignCase } from '../cases/assign.ts'
import { appendHistory, type Case, caseMessages, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { type Place, Platform } from '../intake/event.ts'
import { type CaseId, newId, RoutingDecisionId, type UnitId } from '../lib/ids.ts'
import type { JsonObject } from '../lib/json.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import { decideRoute, type RoutingDecision } from '../routing/decide.ts'
import { listRules, saveDecision } from '../routing/store.ts'
import { officerTexts } from '../texts/officer.ts'
import { listUnits, type Unit } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import { type WorkChat, workChats } from './recipients.ts'

/** How a platform writes down the address of a chat. */
export type ChatAddress = (platform: string, place: Place) => JsonObject

export type Routed =
  | { readonly routed: RoutingDecision }
  | { readonly routed: null; readonly why: 'nobody_reachable' | 'not_waiting' }

/** Decides who gets the case, keeps why, and queues the card. Nobody reachable: it stays received and is tried again. */
export async function routeCase(db: Db, id: CaseId, chatAddress: ChatAddress, now: Date): Promise<Routed> {
  return transaction(db, 'route-case', async (tx) => {
    const found = await lockCase(tx, id)
    if (found.status !== 'received') return { routed: null, why: 'not_waiting' }
    const messages = await caseMessages(tx, id)
    const account = await getAccount(tx, found.accountId)
    const text = messages.map((message) => message.text ?? '').join('\n')
    const units = await listUnits(tx)
    const wanted = decideRoute(
      {
        unitId: found.unitId,
        platform: Platform.parse(account.platform),
        place: found.placeKind,
        kind: found.kind,
        urgent: found.urgent,
        text,
        confidentiality: { confidentiality: found.confidentiality, reason: found.confidentialityReason },
      },
      await listRules(tx),
      units,
    )
    const reached = await firstReachable(tx, wanted, found.confidentiality === 'public', units, now)
    if (reached === null) return { routed: null, why: 'nobody_reachable' }
    const { decision, chats } = reached
    const decisionId = newId(RoutingDecisionId, now)
    await saveDecision(tx, decisionId, id, decision, now)
    await assignCase(tx, id, decision, now)
    await appendHistory(
      tx,
      {
        caseId: id,
        what: 'routed',
        details: { decisionId, unitId: decision.unitId, duty: decision.duty, because: decision.because },
      },
      now,
    )
    const card = cardText(found, { messages, accountName: account.name })
    for (const chat of chats) {
      await queueForOfficer(
        tx,
        {
          accountId: chat.accountId,
          unitId: decision.unitId,
          caseId: id,
          originId: decisionId,
          address: chatAddress((await getAccount(tx, chat.accountId)).platform, chat.place),
          place: chat.place,
          kind: 'card',
          lane: found.urgent ? 'urgent' : 'live',
          text: card,
        },
        now,
      )
    }
    return { routed: decision }
  })
}

/** The decided unit, or the nearest one above it in which somebody can be reached. */
async function firstReachable(
  tx: Tx,
  wanted: RoutingDecision,
  isPublic: boolean,
  units: readonly Unit[],
  now: Date,
): Promise<{ decision: RoutingDecision; chats: WorkChat[] } | null> {
  const passed: UnitId[] = []
  for (const unit of lineage(units, wanted.unitId)) {
    const chats = await workChats(tx, unit.id, wanted.duty, isPublic, now)
    if (chats.length > 0) {
      const because =
        passed.length === 0 ? wanted.because : `${wanted.because}; nobody reachable there: ${passed.length} level up`
      return { decision: { ...wanted, unitId: unit.id, because }, chats }
    }
    passed.push(unit.id)
  }
  return null
}

function cardText(
  found: Case,
  facts: { messages: Awaited<ReturnType<typeof caseMessages>>; accountName: string },
): string {
  const card = {
    code: found.code,
    kind: found.kind,
    place: found.placeKind,
    accountName: facts.accountName,
    authorName: facts.messages[0]?.authorName ?? null,
    texts: facts.messages.flatMap((message) => (message.text === null ? [] : [message.text])),
    files: facts.messages.reduce(
      (sum, message) => sum + (Array.isArray(message.attachments) ? message.attachments.length : 0),
      0,
    ),
    urgent: found.urgent,
  }
  return found.confidentiality === 'public'
    ? officerTexts.card(card)
    : officerTexts.restrictedCard(card, found.confidentialityReason)
}
