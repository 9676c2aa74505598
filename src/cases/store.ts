import { z } from 'zod'
import type { Db, Tx } from '../db/client.ts'
import { Attachment, type Place } from '../intake/event.ts'
import type { AccountId, CaseId, EventId, OfficerId, UnitId } from '../lib/ids.ts'
import type { JsonObject } from '../lib/json.ts'
import { Kind } from '../understanding/label.ts'
import { CaseStatus } from './case.ts'

export interface Case {
  readonly id: CaseId
  readonly code: string
  readonly unitId: UnitId
  readonly accountId: AccountId
  readonly confidentiality: string
  readonly confidentialityReason: string
  readonly status: CaseStatus
  readonly version: number
  readonly kind: Kind
  readonly urgent: boolean
  readonly originEventId: EventId
  readonly placeKind: Place['kind']
  readonly assignedUnitId: UnitId | null
  readonly assignedDuty: string | null
}

const columns = [
  'id',
  'code',
  'unitId',
  'accountId',
  'confidentiality',
  'confidentialityReason',
  'status',
  'version',
  'kind',
  'urgent',
  'originEventId',
  'placeKind',
  'assignedUnitId',
  'assignedDuty',
] as const

type Row = Omit<Case, 'status' | 'kind' | 'placeKind'> & { status: string; kind: string; placeKind: string }

function toCase(row: Row): Case {
  return {
    ...row,
    status: CaseStatus.parse(row.status),
    kind: Kind.parse(row.kind),
    placeKind: row.placeKind === 'post' || row.placeKind === 'group' ? row.placeKind : 'direct',
  }
}

export async function getCase(db: Db | Tx, id: CaseId): Promise<Case> {
  return toCase(await db.selectFrom('cases').select(columns).where('id', '=', id).executeTakeFirstOrThrow())
}

/** The case, locked until the transaction ends: nothing about it changes between reading and writing. */
export async function lockCase(tx: Tx, id: CaseId): Promise<Case> {
  return toCase(await tx.selectFrom('cases').select(columns).where('id', '=', id).forUpdate().executeTakeFirstOrThrow())
}

export async function findCaseByCode(db: Db | Tx, code: string): Promise<Case | null> {
  const row = await db.selectFrom('cases').select(columns).where('code', '=', code).executeTakeFirst()
  return row === undefined ? null : toCase(row)
}

/** The case that one of our messages in this account is about, e.g. the card that an officer quotes. */
export async function findCaseByMessage(db: Db | Tx, accountId: AccountId, messageId: string): Promise<Case | null> {
  const row = await db
    .selectFrom('outbox')
    .innerJoin('cases', 'cases.id', 'outbox.caseId')
    .select(columns.map((column) => `cases.${column}` as const))
    .where('outbox.accountId', '=', accountId)
    .where('outbox.messageId', '=', messageId)
    .executeTakeFirst()
  return row === undefined ? null : toCase(row)
}

/** The codes of this person's public cases, the latest first. */
export async function casesOfPerson(tx: Tx, accountId: AccountId, personId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('cases')
    .select('code')
    .where('accountId', '=', accountId)
    .where('authorId', '=', personId)
    .where('confidentiality', '=', 'public')
    .orderBy('openedAt', 'desc')
    .execute()
  return rows.map(({ code }) => code)
}

/** Append-only. Ids, codes and reasons, never words of a person. */
export async function appendHistory(
  tx: Tx,
  entry: { caseId: CaseId; what: string; actorOfficerId?: OfficerId; details?: JsonObject },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('caseHistory')
    .values({
      caseId: entry.caseId,
      at: now,
      what: entry.what,
      actorOfficerId: entry.actorOfficerId ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute()
}

export interface CaseMessage {
  readonly eventId: EventId
  readonly text: string | null
  readonly authorName: string | null
  readonly attachments: readonly Attachment[]
  readonly occurredAt: Date
}

/** What the resident wrote, first message first: texts, files and when. */
export async function caseMessages(db: Db | Tx, caseId: CaseId): Promise<CaseMessage[]> {
  const rows = await db
    .selectFrom('caseMessages')
    .innerJoin('events', 'events.id', 'caseMessages.eventId')
    .select(['events.id as eventId', 'events.text', 'events.authorName', 'events.attachments', 'events.occurredAt'])
    .where('caseMessages.caseId', '=', caseId)
    .orderBy('events.occurredAt')
    .orderBy('caseMessages.addedAt')
    .orderBy('events.id')
    .execute()
  return rows.map((row) => ({ ...row, attachments: z.array(Attachment).parse(row.attachments) }))
}
