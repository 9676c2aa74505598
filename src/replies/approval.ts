import { getAccount, officerChats } from '../accounts/store.ts'
import { caseMessages, getCase, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import type { WorkChat } from '../dispatch/recipients.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { tellInChat } from '../dispatch/tell.ts'
import { Place } from '../intake/event.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId, CaseId, FileId, OfficerId, OutboxId, UnitId } from '../lib/ids.ts'
import { wasAsked } from '../outbox/held.ts'
import { queueApproval, queuePicture } from '../outbox/queue.ts'
import { modeOf } from '../publishing/modes.ts'
import { approvalTexts } from '../texts/approval.ts'
import { photoTexts } from '../texts/photos.ts'
import { listUnits, officerName, officersOnDuty } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import { type Author, authorOf } from './typed-in.ts'

/** Something that may not leave before a second person has agreed. */
export interface HeldRow {
  readonly id: OutboxId
  readonly caseId: CaseId | null
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly originId: string
  readonly kind: string
  readonly audience: string
  readonly state: string
  readonly text: string
  /** Of a post: what would stand below its words. */
  readonly link: string | null
  readonly place: Place
  readonly fileId: FileId | null
  readonly approvedBy: OfficerId | null
  readonly returnedBy: OfficerId | null
}

export async function findHeldRow(tx: Tx, id: OutboxId): Promise<HeldRow | null> {
  const row = await tx
    .selectFrom('outbox')
    .select([
      'id',
      'caseId',
      'accountId',
      'unitId',
      'originId',
      'kind',
      'audience',
      'state',
      'text',
      'link',
      'placeKind',
      'placeId',
      'fileId',
      'approvedBy',
      'returnedBy',
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return null
  const { placeKind, placeId, ...held } = row
  return { ...held, place: Place.parse({ kind: placeKind, id: placeId }) }
}

/** How those are reached who are asked. */
export interface AskMeans {
  readonly chatAddress: ChatAddress
  /** Whether we learn on this platform which message is quoted. */
  readonly tellsQuotes?: (platform: string) => boolean
}

export type Asked = 'asked' | 'nobody' | 'not_needed'

/**
 * Asks for a yes to what is held: those who approve in its unit, or in the nearest one above where one of them, not the
 * author, can be reached. Nobody: it stays held, its author is told once, and it is asked again whenever somebody looks.
 */
export async function askApproval(db: Db, id: OutboxId, means: AskMeans, now: Date): Promise<Asked> {
  return transaction(
    db,
    (asked) => (asked === 'not_needed' ? null : 'ask-approval'),
    async (tx) => {
      await lockCaseOf(tx, id)
      const row = await findHeldRow(tx, id)
      if (
        row?.state !== 'held' ||
        row.kind === 'unhide' ||
        (await modeOf(tx, row)) !== 'approve_all' ||
        (await isAsked(tx, id))
      ) {
        return 'not_needed'
      }
      await tx.updateTable('outbox').set({ heldBy: 'approve_all' }).where('id', '=', id).execute()
      const author = await authorOf(tx, row.originId)
      const found = await nearestApprovers(tx, row.unitId, author?.officerId ?? null, now)
      if (found === null) {
        if (author !== null) await tellNobody(tx, row, author, now)
        return 'nobody'
      }
      await queueCards(tx, row, author, found, means, now)
      return 'asked'
    },
  )
}

/** Asks for all held words that nobody was asked about yet. Returns for how much there is nobody to ask. */
export async function askWaiting(db: Db, means: AskMeans, now: Date): Promise<{ asked: number; nobody: number }> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'held')
    .where('kind', '!=', 'unhide')
    .where(wasAsked(), '=', false)
    .orderBy('createdAt')
    .execute()
  const amounts = { asked: 0, nobody: 0, not_needed: 0 }
  for (const { id } of rows) amounts[await askApproval(db, id, means, now)] += 1
  return amounts
}

/** In the order of everybody: first the case, then its rows. */
async function lockCaseOf(tx: Tx, id: OutboxId): Promise<void> {
  const row = await tx.selectFrom('outbox').select('caseId').where('id', '=', id).executeTakeFirst()
  if (row?.caseId != null) await lockCase(tx, row.caseId)
}

/** Read behind the lock: whoever asked meanwhile is seen. */
async function isAsked(tx: Tx, id: OutboxId): Promise<boolean> {
  const row = await tx.selectFrom('outbox').select(wasAsked().as('wasAsked')).where('id', '=', id).executeTakeFirst()
  return row?.wasAsked === true
}

interface Approvers {
  readonly unitId: UnitId
  readonly chats: readonly WorkChat[]
}

/** 1:1, each with their latest binding. */
async function nearestApprovers(tx: Tx, of: UnitId, author: OfficerId | null, now: Date): Promise<Approvers | null> {
  for (const { id: unitId } of lineage(await listUnits(tx), of)) {
    const chats: WorkChat[] = []
    for (const { officerId } of await officersOnDuty(tx, unitId, 'approves', now)) {
      const [latest] = officerId === author ? [] : await officerChats(tx, officerId)
      if (latest !== undefined)
        chats.push({ accountId: latest.accountId, place: { kind: 'direct', id: latest.externalId } })
    }
    if (chats.length > 0) return { unitId, chats }
  }
  return null
}

async function queueCards(
  tx: Tx,
  row: HeldRow,
  author: Author | null,
  { unitId, chats }: Approvers,
  { chatAddress, tellsQuotes = () => true }: AskMeans,
  now: Date,
): Promise<void> {
  const about = row.caseId === null ? null : await getCase(tx, row.caseId)
  const texts = row.caseId === null ? [] : (await caseMessages(tx, row.caseId)).map(({ text }) => text ?? '')
  const question = texts.join('\n').trim()
  const facts = {
    code: about?.code ?? null,
    author: author === null ? null : await officerName(tx, author.officerId),
    question: question === '' ? null : question,
    text: row.text,
    link: row.link,
    isPublic: row.audience === 'public',
    hasPhoto: row.fileId !== null,
  }
  for (const { accountId, place } of chats) {
    const { platform } = await getAccount(tx, accountId)
    const address = chatAddress(platform, place)
    const parts = approvalTexts.ask({ ...facts, tellsQuotes: tellsQuotes(platform) })
    const lane = about?.urgent === true ? 'urgent' : 'live'
    const card = { accountId, unitId, caseId: row.caseId, originId: row.id, address, place, lane } as const
    await queueApproval(tx, { ...card, parts }, now)
    if (row.fileId === null) continue
    const text = photoTexts.toApprove(about?.code ?? null)
    await queuePicture(tx, { ...card, fileId: row.fileId, text, dueAt: plusMs(now, parts.length) }, now)
  }
}

async function tellNobody(tx: Tx, { caseId, originId }: HeldRow, { message }: Author, now: Date): Promise<void> {
  const text = approvalTexts.nobody(caseId === null ? null : (await getCase(tx, caseId)).code)
  // A post comes of the chat message itself, and that was answered there already.
  await tellInChat(tx, message, { caseId, originId, text, lane: 'live', version: 2 }, now)
}
