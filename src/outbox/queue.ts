import type { Tx } from '../db/client.ts'
import type { Place } from '../intake/event.ts'
import { type AccountId, type CaseId, type FileId, newId, OutboxId, type UnitId } from '../lib/ids.ts'
import type { JsonObject } from '../lib/json.ts'
import { type Lane, lanes } from '../lib/lane.ts'
import { comparable, storable } from '../lib/text.ts'
import { withMark } from './mark.ts'
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

/** Intends a text that everybody, or the one resident, will read. Its case row must be locked by this transaction. */
export async function queueForResident(
  tx: Tx,
  publicCase: PublicCase,
  intended: Intended & { audience: 'public' | 'resident'; kind: 'acknowledgement' | 'answer' },
  now: Date,
): Promise<OutboxId | null> {
  const { last } = await tx
    .selectFrom('outbox')
    .select((select) => select.fn.max('ordinal').as('last'))
    .where('caseId', '=', publicCase.id)
    .executeTakeFirstOrThrow()
  const ordinal = (last ?? 0) + 1
  const text = withMark(intended.text, { code: publicCase.code, ordinal })
  return insert(tx, { ...intended, text, ordinal, caseId: publicCase.id }, now)
}

/** Intends a text that officers will read, about a case or about none. */
export async function queueForOfficer(
  tx: Tx,
  intended: Intended & { kind: 'card' | 'notice'; caseId: CaseId | null },
  now: Date,
): Promise<OutboxId | null> {
  return insert(tx, { ...intended, audience: 'officer', ordinal: null }, now)
}

/** Intends a picture of a case for its officers; the text stands under it. */
export async function queuePicture(
  tx: Tx,
  intended: Intended & { caseId: CaseId; fileId: FileId },
  now: Date,
): Promise<OutboxId | null> {
  return insert(tx, { ...intended, kind: 'file', audience: 'officer', ordinal: null }, now)
}

interface Row extends Intended {
  readonly kind: string
  readonly audience: string
  readonly caseId: CaseId | null
  readonly fileId?: FileId
  readonly ordinal: number | null
}

async function insert(tx: Tx, row: Row, now: Date): Promise<OutboxId | null> {
  const inserted = await tx
    .insertInto('outbox')
    .values({
      id: newId(OutboxId, now),
      accountId: row.accountId,
      unitId: row.unitId,
      caseId: row.caseId,
      fileId: row.fileId ?? null,
      originId: row.originId,
      kind: row.kind,
      audience: row.audience,
      ordinal: row.ordinal,
      address: JSON.stringify(row.address),
      addressKey: addressKey(row.address),
      placeKind: row.place.kind,
      placeId: row.place.id,
      text: storable(row.text).normalize('NFC'),
      lane: lanes[row.lane],
      dueAt: now,
      createdAt: now,
      changedAt: now,
    })
    .onConflict((conflict) => conflict.columns(['originId', 'kind', 'addressKey', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted?.id ?? null
}

/** One text for one address, whatever order its fields come in. */
function addressKey(address: JsonObject): string {
  return comparable(JSON.stringify(Object.entries(address).sort(([a], [b]) => (a < b ? -1 : 1))))
}
