import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { AccountId, CaseId, FileId, OfficerId, OutboxId, UnitId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'
import { comparable } from '../lib/text.ts'
import { findMark } from './mark.ts'

/** A row that is now known to stand where it was meant to. */
export interface Confirmed {
  readonly id: OutboxId
  readonly caseId: CaseId | null
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly kind: string
  readonly audience: string
  readonly originId: string
  readonly text: string
  readonly targetId: string | null
  readonly fileId: FileId | null
  readonly address: JsonObject
  readonly place: Place
  /** Null: nobody had to agree to it. */
  readonly approved: { readonly by: OfficerId; readonly at: Date } | null
}

const awaitingEcho = ['sending', 'sent', 'unknown', 'needs_person'] as const

/**
 * Which of our rows this echo is. By the mark in its metadata, by the platform's id, by code and ordinal at its end, or
 * as a last resort by its whole text in the same chat; a picture that came back without its text, by being one. Null:
 * the account wrote it, but not through us.
 */
export async function findEchoed(tx: Tx, echo: StoredEvent): Promise<OutboxId | null> {
  const ours = tx.selectFrom('outbox').select('outbox.id').where('outbox.accountId', '=', echo.accountId)
  if (echo.echoMark !== null) {
    const byMark = await ours
      .where((where) => where.eb(where.cast<string>('outbox.id', 'text'), '=', echo.echoMark))
      .executeTakeFirst()
    if (byMark !== undefined) return byMark.id
  }
  if (echo.messageId !== null) {
    const byId = await ours.where('outbox.messageId', '=', echo.messageId).executeTakeFirst()
    if (byId !== undefined) return byId.id
  }
  if (echo.text === null) return isPicture(echo) ? findPicture(tx, echo) : null
  const mark = findMark(echo.text)
  if (mark !== null) {
    const byCode = await ours
      .innerJoin('cases', 'cases.id', 'outbox.caseId')
      .where('cases.code', '=', mark.code)
      .where('outbox.ordinal', '=', mark.ordinal)
      .executeTakeFirst()
    return byCode?.id ?? null
  }
  return findByText(tx, echo, comparable(echo.text))
}

/** The reaction of ours that this event is; null: somebody else's, or one that a person made on our account's phone. */
export async function findReaction(tx: Tx, { accountId, authorId, messageId }: StoredEvent): Promise<OutboxId | null> {
  const row = await tx
    .selectFrom('outbox')
    .innerJoin('accounts', 'accounts.id', 'outbox.accountId')
    .select('outbox.id')
    .where('outbox.accountId', '=', accountId)
    .where('accounts.externalId', '=', authorId)
    .where('outbox.kind', '=', 'reaction')
    .where('outbox.targetId', '=', messageId)
    .where('outbox.state', 'in', awaitingEcho)
    .executeTakeFirst()
  return row?.id ?? null
}

/** A mention may stand before our text, so ours is the end of what the platform shows. */
async function findByText(tx: Tx, echo: StoredEvent, text: string): Promise<OutboxId | null> {
  const rows = await tx
    .selectFrom('outbox')
    .select(['id', 'text'])
    .where('accountId', '=', echo.accountId)
    .where('placeId', '=', echo.place.id)
    .where('audience', '!=', 'moderation') // without words, each of them would be the end of everything
    .where('state', 'in', awaitingEcho)
    .where('messageId', 'is', null)
    .orderBy('createdAt')
    .limit(100)
    .execute()
  return rows.find((row) => text.endsWith(comparable(row.text)))?.id ?? null
}

function isPicture({ attachments }: StoredEvent): boolean {
  return attachments.length > 0 && attachments.every(({ kind }) => kind === 'photo')
}

/**
 * The earliest picture under way to that chat. Taking a colleague's for ours leaves one unsent in the worst case; taking
 * none would prove the absence of what stands there, and send it again.
 */
async function findPicture(tx: Tx, echo: StoredEvent): Promise<OutboxId | null> {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('accountId', '=', echo.accountId)
    .where('placeId', '=', echo.place.id)
    .where('kind', '=', 'file')
    .where('state', 'in', awaitingEcho)
    .where('messageId', 'is', null)
    .orderBy('claimedAt')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Writes down that the row stands in public or in the chat. Null: it was confirmed before, or cancelled. */
export async function confirmRow(tx: Tx, id: OutboxId, messageId: string | null, now: Date): Promise<Confirmed | null> {
  const confirmed = await tx
    .updateTable('outbox')
    .set({ state: 'confirmed', changedAt: now, nextLookAt: null, ...(messageId === null ? {} : { messageId }) })
    .where('id', '=', id)
    .where('state', 'in', awaitingEcho)
    .returning(['id', 'caseId', 'accountId', 'unitId', 'kind', 'audience', 'originId', 'targetId', 'text', 'fileId'])
    .returning(['address', 'placeKind', 'placeId', 'approvedBy', 'approvedAt'])
    .executeTakeFirst()
  if (confirmed === undefined) return null
  const { address, placeKind, placeId, approvedBy: by, approvedAt: at, ...row } = confirmed
  return {
    ...row,
    address: JsonObject.parse(address),
    place: Place.parse({ kind: placeKind, id: placeId }),
    approved: by === null || at === null ? null : { by, at },
  }
}
