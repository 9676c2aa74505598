import { z } from 'zod'
import type { Db, Tx } from '../db/client.ts'
import { Attachment } from '../intake/event.ts'
import type { StoredEvent } from '../intake/store.ts'
import { type CaseId, type EventId, FileId, newId } from '../lib/ids.ts'
import type { Fetched } from './fetch.ts'
import { isFetched, type SpokenKind, spokenKind } from './kinds.ts'

const FileState = z.enum(['wanted', 'fetched', 'refused', 'failed', 'gone'])

/** A file of a resident's message, or a photo of an officer's. */
export interface CaseFile {
  readonly id: FileId
  readonly eventId: EventId
  /** Null: an officer's photo, which is shown with what they say and nowhere else. */
  readonly caseId: CaseId | null
  /** Among the attachments of its event. */
  readonly position: number
  /** Among the files of its case. */
  readonly number: number
  readonly kind: SpokenKind
  readonly state: z.infer<typeof FileState>
  readonly sha256: string | null
  readonly bytes: number | null
  readonly mediaType: string | null
}

const columns = [
  'id',
  'eventId',
  'caseId',
  'position',
  'number',
  'kind',
  'state',
  'sha256',
  'bytes',
  'mediaType',
] as const

type Row = Omit<CaseFile, 'kind' | 'state'> & { kind: string; state: string }

function toFile(row: Row): CaseFile {
  return { ...row, kind: spokenKind(row.kind), state: FileState.parse(row.state) }
}

/** Notes which files the message brought. Its case must be locked, or new, so that its files are numbered once. */
export async function wantFiles(tx: Tx, caseId: CaseId, event: StoredEvent, now: Date): Promise<void> {
  const { last } = await tx
    .selectFrom('files')
    .select((select) => select.fn.max('number').as('last'))
    .where('caseId', '=', caseId)
    .executeTakeFirstOrThrow()
  const rows = event.attachments
    .flatMap((attachment, position) => (isFetched(attachment) ? [{ position, kind: attachment.kind }] : []))
    .map((file, index) => ({
      ...file,
      id: newId(FileId, now),
      eventId: event.id,
      caseId,
      number: (last ?? 0) + 1 + index,
      changedAt: now,
    }))
  if (rows.length > 0) await tx.insertInto('files').values(rows).execute()
}

/** A file that is still to be fetched, and from where. The address goes no further than to the one who fetches. */
export interface WantedFile {
  readonly file: CaseFile
  readonly platform: string
  readonly url: string
  readonly tries: number
}

export async function wantedFiles(db: Db, eventId: EventId): Promise<WantedFile[]> {
  const rows = await db
    .selectFrom('files')
    .innerJoin('events', 'events.id', 'files.eventId')
    .innerJoin('accounts', 'accounts.id', 'events.accountId')
    .select(columns.map((column) => `files.${column}` as const))
    .select(['files.tries', 'events.attachments', 'accounts.platform'])
    .where('files.eventId', '=', eventId)
    .where('files.state', '=', 'wanted')
    .orderBy('files.position')
    .execute()
  return rows.map(({ tries, attachments, platform, ...row }) => {
    const url = z.array(Attachment).parse(attachments)[row.position]?.url ?? ''
    return { file: toFile(row), platform, url, tries }
  })
}

export async function caseFiles(db: Db | Tx, caseId: CaseId): Promise<CaseFile[]> {
  const rows = await db.selectFrom('files').select(columns).where('caseId', '=', caseId).orderBy('number').execute()
  return rows.map(toFile)
}

export async function findFile(db: Db | Tx, id: FileId): Promise<CaseFile | null> {
  const row = await db.selectFrom('files').select(columns).where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toFile(row)
}

/** Writes down what came of a file that was still wanted; null: somebody else had done so. */
export async function settleFile(tx: Tx, id: FileId, fetched: Fetched, now: Date): Promise<CaseFile | null> {
  const { state, ...facts } = fetched
  const settled = await tx
    .updateTable('files')
    .set((set) => ({
      state,
      sha256: 'sha256' in facts ? facts.sha256 : null,
      bytes: 'bytes' in facts && facts.bytes !== null ? Math.min(facts.bytes, maxInteger) : null,
      mediaType: 'mediaType' in facts ? facts.mediaType : null,
      reason: 'reason' in facts ? facts.reason : null,
      tries: set('tries', '+', 1),
      changedAt: now,
    }))
    .where('id', '=', id)
    .where('state', '=', 'wanted')
    .returning(columns)
    .executeTakeFirst()
  return settled === undefined ? null : toFile(settled)
}

const maxInteger = 2 ** 31 - 1

/** One more try that brought nothing; it stays wanted. */
export async function countTry(db: Db, id: FileId, reason: string, now: Date): Promise<void> {
  await db
    .updateTable('files')
    .set((set) => ({ tries: set('tries', '+', 1), reason, changedAt: now }))
    .where('id', '=', id)
    .where('state', '=', 'wanted')
    .execute()
}

/** Events with files that nobody has tried to fetch since `before`. */
export async function forgottenFiles(db: Db, before: Date, limit: number): Promise<EventId[]> {
  const rows = await db
    .selectFrom('files')
    .select('eventId')
    .distinct()
    .where('state', '=', 'wanted')
    .where('changedAt', '<=', before)
    .limit(limit)
    .execute()
  return rows.map(({ eventId }) => eventId)
}
