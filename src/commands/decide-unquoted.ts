import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { OutboxId } from '../lib/ids.ts'
import { questionAbout } from '../replies/decide.ts'
import { approvalTexts } from '../texts/approval.ts'
import type { Acting, Effect } from './acting.ts'
import { answerQuestion } from './approve.ts'
import type { Command } from './command.ts'
import { saveOffer } from './offered.ts'

type Decision = Extract<Command, { kind: 'approve' | 'give_back' }>

/**
 * "duyệt" or "trả lại: …" where quotes are not told. At once it decides only about what a code names, and only where
 * about that case nothing else was ever asked of anybody: then no other words can have been meant. Otherwise the words in
 * question are shown again, and "đúng" decides about exactly those. Null: it is no decision, but an answer.
 */
export async function decideUnquoted(acting: Acting, command: Decision, code: string | null): Promise<Effect | null> {
  const { tx, message } = acting
  const shown = (await questionsIn(tx, message)).filter((one) => code === null || one.code === code)
  const waiting = shown.filter(({ isHeld }) => isHeld)
  const [first] = waiting
  if (first === undefined) {
    if (command.kind === 'give_back' && !isPlainly(command)) return null
    const last = code === null ? undefined : shown.at(-1)
    return last === undefined ? nothing : decide(acting, command, last.id)
  }
  if (command.kind === 'give_back' && command.reason === '') {
    return { outcome: 'approval_unclear', reply: approvalTexts.whyReturned }
  }
  const codes = [...new Set(waiting.flatMap((one) => (one.code === null ? [] : [one.code])))]
  if (code === null && waiting.length > 1 && codes.length > 0) {
    return { outcome: 'which_question', reply: approvalTexts.which(codes) }
  }
  if (code !== null && (await isOnlyQuestion(tx, first.id))) return decide(acting, command, first.id)
  return offer(acting, command, first)
}

const nothing: Effect = { outcome: 'nothing_to_approve', reply: approvalTexts.nothingWaits }

async function decide(acting: Acting, command: Decision, id: OutboxId): Promise<Effect> {
  const question = await questionAbout(acting.tx, id)
  return question === null ? nothing : answerQuestion(acting, question, command)
}

async function offer({ tx, message, now }: Acting, command: Decision, question: Asked): Promise<Effect> {
  await saveOffer(tx, message, { what: 'question', outboxId: question.id }, now)
  const reason = command.kind === 'give_back' ? command.reason : null
  return { outcome: 'decision_offered', reply: approvalTexts.isThisMeant(question.code, question.text, reason) }
}

/** With a colon it is an order; without one an answer may begin so. */
function isPlainly({ text, reason }: Extract<Decision, { kind: 'give_back' }>): boolean {
  return reason === '' || /^\S+\s+\S+?\s*[:：]/u.test(text)
}

interface Asked {
  readonly id: OutboxId
  readonly code: string | null
  readonly text: string
  readonly isHeld: boolean
}

/** What this chat was asked to agree to, whole, the oldest first. */
async function questionsIn(tx: Tx, { accountId, place }: StoredEvent): Promise<Asked[]> {
  const cards = await tx
    .selectFrom('outbox')
    .select(['originId', 'state'])
    .where('accountId', '=', accountId)
    .where('placeId', '=', place.id)
    .where('kind', '=', 'approval')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  const unseen = new Set(cards.filter(({ state }) => state !== 'sent' && state !== 'confirmed').map(asId))
  const ids = [...new Set(cards.map(asId))].filter((id) => !unseen.has(id))
  const asked: Asked[] = []
  for (const id of ids) {
    const row = await tx
      .selectFrom('outbox')
      .leftJoin('cases', 'cases.id', 'outbox.caseId')
      .select(['outbox.text', 'outbox.state', 'cases.code'])
      .where('outbox.id', '=', id)
      .executeTakeFirst()
    if (row !== undefined) asked.push({ id, code: row.code, text: row.text, isHeld: row.state === 'held' })
  }
  return asked
}

/** Whether nobody, in whichever chat, was ever asked about other words for the same case. */
async function isOnlyQuestion(tx: Tx, id: OutboxId): Promise<boolean> {
  const other = await tx
    .selectFrom('outbox as card')
    .innerJoin('outbox as asked', 'asked.caseId', 'card.caseId')
    .select('card.id')
    .where('asked.id', '=', id)
    .where('card.kind', '=', 'approval')
    .where('card.originId', '<>', id)
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}

function asId({ originId }: { readonly originId: string }): OutboxId {
  return OutboxId.parse(originId)
}
