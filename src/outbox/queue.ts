import type { Tx } from '../db/client.ts'
import type { Place } from '../intake/event.ts'
import { plusMs } from '../lib/clock.ts'
import { type AccountId, type CaseId, type FileId, newId, type OfficerId, OutboxId, type UnitId } from '../lib/ids.ts'
import type { JsonObject } from '../lib/json.ts'
import { type Lane, lanes } from '../lib/lane.ts'
import { comparable, storable } from '../lib/text.ts'
import { verdictOf } from '../publishing/mode.ts'
import { modeOf } from '../publishing/modes.ts'
import { withMark, withPostMark } from './mark.ts'
import { isSeenOutside } from './outbound.ts'
import type { PublicCase } from './public-case.ts'

interface Intended {
  readonly accountId: AccountId
  readonly unitId: UnitId
  /** The event, answer or message that this one is owed to: the same origin, kind and address make one row. */
  readonly originId: string
  readonly address: JsonObject
  /** The chat or post that the address lies in. */
  readonly place: Place
  readonly text: string
  readonly lane: Lane
}

/** A second person has agreed to it, be it with what it belongs to. */
export interface Approved {
  readonly by: OfficerId
  readonly at: Date
}

/** Intends a text that everybody, or the one resident, will read. Its case row must be locked by this transaction. */
export async function queueForResident(
  tx: Tx,
  publicCase: PublicCase,
  intended: Intended & {
    audience: 'public' | 'resident'
    kind: 'acknowledgement' | 'answer' | 'photo'
    fileId?: FileId | null
    approved?: Approved | null
  },
  now: Date,
): Promise<OutboxId | null> {
  return insertMarked(tx, publicCase, intended, now)
}

/** Intends an answer that only the author of a comment will read. The platform takes one a comment, ever. */
export async function queuePrivateReply(
  tx: Tx,
  publicCase: PublicCase,
  intended: Intended & { targetId: string },
  now: Date,
): Promise<OutboxId | null> {
  return insertMarked(tx, publicCase, { ...intended, kind: 'private_reply', audience: 'resident' }, now)
}

/** Intends a sign under a resident's question that says: it has been seen. */
export async function queueReaction(
  tx: Tx,
  publicCase: PublicCase,
  intended: Intended & { targetId: string },
  now: Date,
): Promise<OutboxId | null> {
  return insert(tx, { ...intended, kind: 'reaction', audience: 'public', ordinal: null, caseId: publicCase.id }, now)
}

/** The text ends in the code of its case and the next free number in that case. */
async function insertMarked(
  tx: Tx,
  publicCase: PublicCase,
  row: Omit<Row, 'ordinal' | 'caseId'>,
  now: Date,
): Promise<OutboxId | null> {
  const ordinal = await nextOrdinal(tx, publicCase)
  const text = withMark(row.text, { code: publicCase.code, ordinal })
  return insert(tx, { ...row, text, ordinal, caseId: publicCase.id }, now)
}

async function nextOrdinal(tx: Tx, { id }: PublicCase): Promise<number> {
  const { last } = await tx
    .selectFrom('outbox')
    .select((select) => select.fn.max('ordinal').as('last'))
    .where('caseId', '=', id)
    .executeTakeFirstOrThrow()
  return (last ?? 0) + 1
}

/** Intends other words for a text that stands in public: one of a case, or a post that belongs to none. It keeps its mark. */
export async function queueEdit(
  tx: Tx,
  of: { publicCase: PublicCase; ordinal: number } | { post: OutboxId },
  intended: Intended & { targetId: string },
  now: Date,
): Promise<OutboxId | null> {
  await supersede(tx, intended, now)
  const row = { ...intended, kind: 'edit', audience: 'public', ordinal: null }
  if ('post' in of) return insert(tx, { ...row, text: withPostMark(row.text, of.post), caseId: null }, now)
  const { code, id: caseId } = of.publicCase
  return insert(tx, { ...row, text: withMark(row.text, { code, ordinal: of.ordinal }), caseId }, now)
}

/** Intends to take down, hide or show again what stands on the platform. Nothing of the case leaves with that. */
export async function queueModeration(
  tx: Tx,
  intended: Omit<Intended, 'text'> & { kind: 'delete' | 'hide' | 'unhide'; caseId: CaseId | null; targetId: string },
  now: Date,
): Promise<OutboxId | null> {
  await supersede(tx, intended, now)
  return insert(tx, { ...intended, audience: 'moderation', text: '', ordinal: null }, now)
}

/** Intends a post on the wall of the account, about a case that everybody may read about, or about none. */
export async function queuePost(
  tx: Tx,
  publicCase: PublicCase | null,
  intended: Omit<Intended, 'address'> & { link: string | null; fileId: FileId | null },
  now: Date,
): Promise<OutboxId | null> {
  const id = newId(OutboxId, now)
  // The wall is the account's own: there is no other address of it.
  const row = { ...intended, id, kind: 'post', audience: 'public', address: {} }
  if (publicCase === null) {
    return insert(tx, { ...row, text: withPostMark(row.text, id), ordinal: null, caseId: null }, now)
  }
  return insertMarked(tx, publicCase, row, now)
}

/** What was decided before about the same thing and has not left yet. Out of order it would undo the later decision. */
async function supersede(
  tx: Tx,
  { accountId, targetId }: { accountId: AccountId; targetId: string },
  now: Date,
): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: 'superseded', changedAt: now })
    .where('accountId', '=', accountId)
    .where('targetId', '=', targetId)
    .where('kind', 'in', ['edit', 'delete', 'hide', 'unhide'])
    .where('state', 'in', ['held', 'pending'])
    .execute()
}

/** Intends a text that officers will read, about a case or about none. Of one origin each `version` is told once a chat. */
export async function queueForOfficer(
  tx: Tx,
  intended: Intended & { kind: 'card' | 'notice'; caseId: CaseId | null; version?: number },
  now: Date,
): Promise<OutboxId | null> {
  return insert(tx, { ...intended, audience: 'officer', ordinal: null }, now)
}

/** Asks an officer to agree to what is held; `originId` is that row. A long one comes in parts, one row each. */
export async function queueApproval(
  tx: Tx,
  { parts, ...intended }: Omit<Intended, 'text'> & { caseId: CaseId | null; parts: readonly string[] },
  now: Date,
): Promise<void> {
  for (const [index, text] of parts.entries()) {
    const row = { ...intended, kind: 'approval', audience: 'officer', ordinal: null, text, version: index + 1 }
    // One after the other, in the order in which they are read.
    await insert(tx, { ...row, dueAt: plusMs(now, index) }, now)
  }
}

/** Intends a picture for officers; the text stands under it. */
export async function queuePicture(
  tx: Tx,
  { dueAt, ...intended }: Intended & { caseId: CaseId | null; fileId: FileId; dueAt?: Date },
  now: Date,
): Promise<OutboxId | null> {
  return insert(tx, { ...intended, kind: 'file', audience: 'officer', ordinal: null, dueAt: dueAt ?? now }, now)
}

interface Row extends Intended {
  readonly id?: OutboxId
  readonly kind: string
  readonly audience: string
  readonly caseId: CaseId | null
  readonly fileId?: FileId | null
  readonly targetId?: string
  readonly link?: string | null
  readonly approved?: Approved | null
  readonly ordinal: number | null
  readonly version?: number
  readonly dueAt?: Date
}

/** Null: it was intended before, or is not said at all in the publishing mode that holds for it. */
async function insert(tx: Tx, row: Row, now: Date): Promise<OutboxId | null> {
  const mode = isSeenOutside(row) ? await modeOf(tx, row) : 'publish'
  const verdict = verdictOf(mode, { kind: row.kind, isApproved: (row.approved ?? null) !== null })
  if (verdict === 'cancel') return null
  const inserted = await tx
    .insertInto('outbox')
    .values({
      id: row.id ?? newId(OutboxId, now),
      accountId: row.accountId,
      unitId: row.unitId,
      caseId: row.caseId,
      fileId: row.fileId ?? null,
      targetId: row.targetId ?? null,
      link: row.link ?? null,
      originId: row.originId,
      kind: row.kind,
      audience: row.audience,
      ordinal: row.ordinal,
      address: JSON.stringify(row.address),
      addressKey: addressKey(row),
      placeKind: row.place.kind,
      placeId: row.place.id,
      text: storable(row.text).normalize('NFC'),
      lane: lanes[row.lane],
      version: row.version ?? 1,
      dueAt: row.dueAt ?? now,
      approvedBy: row.approved?.by ?? null,
      approvedAt: row.approved?.at ?? null,
      ...(verdict === 'hold' ? { state: 'held', heldBy: mode } : {}),
      createdAt: now,
      changedAt: now,
    })
    .onConflict((conflict) => conflict.columns(['originId', 'kind', 'addressKey', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted?.id ?? null
}

/** One text for one address, whatever order its fields come in, and for one thing that is acted upon there. */
function addressKey({ address, targetId }: Pick<Row, 'address' | 'targetId'>): string {
  const fields = Object.entries(targetId === undefined ? address : { ...address, targetId })
  return comparable(JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1))))
}
