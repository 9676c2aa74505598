import { moveCase } from '../cases/move.ts'
import { appendHistory, type Case, lockCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { tellInChat } from '../dispatch/tell.ts'
import type { StoredEvent } from '../intake/store.ts'
import { AnswerId, type OfficerId, OutboxId } from '../lib/ids.ts'
import { groupOfRow } from '../outbox/closed-group.ts'
import { hasAnswer } from '../outbox/has-answer.ts'
import { letGo } from '../outbox/held.ts'
import { findQuoted } from '../outbox/quoted.ts'
import { modeOf } from '../publishing/modes.ts'
import { pauseOf } from '../publishing/pause.ts'
import { approvalTexts } from '../texts/approval.ts'
import { listUnits, officersOnDuty } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import { findHeldRow, type HeldRow } from './approval.ts'
import { type Author, authorOf } from './typed-in.ts'

/** What an approver was asked about, read and locked for deciding. */
export interface Question {
  readonly row: HeldRow
  readonly about: Case | null
  readonly author: Author | null
}

export type Decided = 'approved' | 'returned' | 'decided' | 'own' | 'not_yours' | 'listen_only'

/** What the quoted message asks this officer to agree to; null: it asks nothing of the kind. */
export async function findQuestion(tx: Tx, message: StoredEvent): Promise<Question | null> {
  const asked = await findQuoted(tx, message, ['approval', 'file'])
  return asked === null ? null : questionAbout(tx, OutboxId.parse(asked.originId))
}

/** The same about a row that may wait for somebody's yes; null: there is no such row. */
export async function questionAbout(tx: Tx, id: OutboxId): Promise<Question | null> {
  const of = await tx.selectFrom('outbox').select('caseId').where('id', '=', id).executeTakeFirst()
  if (of === undefined) return null
  const about = of.caseId === null ? null : await lockCase(tx, of.caseId)
  const row = await findHeldRow(tx, id)
  return row === null ? null : { row, about, author: await authorOf(tx, row.originId) }
}

/** A second person agrees to exactly these words: they may leave, in their turn. */
export async function approve(tx: Tx, { row, about, author }: Question, by: OfficerId, now: Date): Promise<Decided> {
  const refused = await refusal(tx, row, author, by, now)
  if (refused !== null) return refused
  if ((await modeOf(tx, row)) === 'listen_only') return 'listen_only'
  await letGo(tx, row.id, { approvedBy: by, approvedAt: now }, now)
  await remember(tx, about, 'approved', row.id, by, now)
  return 'approved'
}

/** These words do not go out. Their author reads why, and the case is owed an answer again. */
export async function giveBack(
  tx: Tx,
  { row, about, author }: Question,
  by: OfficerId,
  reason: string,
  now: Date,
): Promise<Decided> {
  const refused = await refusal(tx, row, author, by, now)
  if (refused !== null) return refused
  await tx
    .updateTable('outbox')
    .set({ state: 'cancelled', errorCode: 'returned', returnedBy: by, returnedAt: now, changedAt: now })
    .where('id', '=', row.id)
    .execute()
  await tx
    .updateTable('answers')
    .set({ returnedBy: by, returnedAt: now, returnReason: reason })
    .where('id', '=', AnswerId.parse(row.originId))
    .execute()
  if (about !== null && !(await hasAnswer(tx, about, row.id))) await moveCase(tx, about.id, 'answered', 'assigned', now)
  await remember(tx, about, 'answer_returned', row.id, by, now)
  if (author !== null) {
    const text = approvalTexts.toAuthor(about?.code ?? null, reason)
    await tellInChat(tx, author.message, { caseId: row.caseId, originId: row.id, text, lane: 'live' }, now)
  }
  return 'returned'
}

/** Whether what was approved has to wait: for the end of a stop or of a freeze, or for its group. */
export async function isKeptStill(tx: Tx, { row }: Question, now: Date): Promise<boolean> {
  const group = await groupOfRow(tx, row.id)
  return (group !== null && group.standing !== 'open') || (await pauseOf(tx, row.unitId, now)) !== null
}

/** Nobody agrees to their own words, nor to those of a unit that they do not approve for today. */
async function refusal(
  tx: Tx,
  row: HeldRow,
  author: Author | null,
  by: OfficerId,
  now: Date,
): Promise<'own' | 'not_yours' | 'decided' | null> {
  if (author?.officerId === by) return 'own'
  let mayApprove = false
  for (const { id } of lineage(await listUnits(tx), row.unitId)) {
    const officers = await officersOnDuty(tx, id, 'approves', now)
    mayApprove ||= officers.some(({ officerId }) => officerId === by)
  }
  if (!mayApprove) return 'not_yours'
  return row.state === 'held' ? null : 'decided'
}

async function remember(
  tx: Tx,
  about: Case | null,
  what: string,
  outboxId: OutboxId,
  actorOfficerId: OfficerId,
  now: Date,
): Promise<void> {
  if (about !== null) await appendHistory(tx, { caseId: about.id, what, actorOfficerId, details: { outboxId } }, now)
}
