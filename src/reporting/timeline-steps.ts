import { z } from 'zod'
import { type PlaceFacts, type Sentence, timelineTexts } from '../texts/timeline.ts'
import { asWritten } from './timeline-phrases.ts'
import type { AnswerRow, DecisionRow, HistoryRow, MessageRow, SubjectRow } from './timeline-rows.ts'

type StepKind =
  | 'received'
  | 'stored'
  | 'classified'
  | 'kept_private'
  | 'acknowledged'
  | 'routed'
  | 'card'
  | 'only_seen_by'
  | 'addition'
  | 'forwarded'
  | 'answered'
  | 'answer_refused'
  | 'published'
  | 'answered_privately'
  | 'edited'
  | 'taken_down'
  | 'hidden'
  | 'shown'
  | 'posted'
  | 'reminded'
  | 'confirmed'
  | 'officer_told'
  | 'waiting'
  | 'held'
  | 'approval'
  | 'approved'
  | 'returned'
  | 'trouble'
  | 'cancelled'
  | 'made_public'
  | 'made_restricted'
  | 'withdrawn'
  | 'left_alone'

/** One step. Its sentences are ours; ids lead to the rows it was read from. */
export interface Step extends Sentence {
  readonly kind: StepKind
  readonly at: Date
  readonly ids: Readonly<Record<string, string>>
}

/** A step that may quote, such as the answer as the officer typed it. */
export interface PublicStep extends Step {
  readonly words?: string | null
}

interface Rows {
  readonly history: readonly HistoryRow[]
  readonly decisions: readonly DecisionRow[]
  readonly answers: readonly AnswerRow[]
  readonly messages: readonly MessageRow[]
}

const Opened = z.object({
  kind: z.string().catch('other'),
  confidence: z.number().nullable().catch(null),
  urgent: z.boolean().catch(false),
  because: z.array(z.string()).catch([]),
  confidentiality: z.string().catch('restricted'),
  reason: z.string().catch(''),
})
const OfRow = z.object({ outboxId: z.string() })

/** What happened to a case after its message was recorded. */
export function caseSteps(subject: SubjectRow, { history, decisions, answers, messages }: Rows): PublicStep[] {
  return [
    ...history.flatMap((row) => historySteps(row, subject)),
    ...decisions.map((row) => routed(row, subject)),
    ...answers.map(
      ({ id, at, officer, version, words }): PublicStep => ({
        ...step('answered', at, timelineTexts.answered(officer, version), { answerId: id }),
        words,
      }),
    ),
    ...messages.flatMap((row) => messageSteps(row, history, messages)),
    ...onlySeenBy(subject, messages),
  ]
}

function historySteps({ at, what, details, officer }: HistoryRow, subject: SubjectRow): Step[] {
  switch (what) {
    case 'opened': {
      const opened = Opened.parse(details)
      const phrases = subject.words === null ? [] : asWritten(subject.words, opened.because)
      const classified = step('classified', at, timelineTexts.classified({ ...opened, phrases }), ids(subject))
      if (opened.confidentiality !== 'restricted') return [classified]
      return [classified, step('kept_private', at, timelineTexts.keptPrivate(opened.reason), ids(subject))]
    }
    case 'forwarded':
      return [step('forwarded', at, timelineTexts.forwarded(officer), {})]
    case 'message_added':
      return [step('addition', at, timelineTexts.addition(), {})]
    case 'made_public':
      return [step('made_public', at, timelineTexts.madePublic(officer), {})]
    case 'made_restricted':
      return [step('made_restricted', at, timelineTexts.madeRestricted(officer), {})]
    case 'approved':
      return [step('approved', at, timelineTexts.approved(officer), {})]
    case 'answer_returned':
      return [step('returned', at, timelineTexts.returned(officer), {})]
    case 'window_reminder':
      return [step('reminded', at, timelineTexts.reminded(), {})]
    case 'window_over':
      return [step('reminded', at, timelineTexts.windowOver(), {})]
    case 'withdrawn':
      return [step('withdrawn', at, timelineTexts.withdrawn(), {})]
    default:
      return [] // told by the rows of routing, answers and outbox, which know more
  }
}

function routed({ id, at, unitId, unitName, duty, ruleName }: DecisionRow, subject: SubjectRow): Step {
  const isAccusation = duty === 'restricted_desk' && subject.reason === 'denunciation'
  const isElsewhere = unitId !== subject.unitId
  const sentence = timelineTexts.routed({ unitName, duty, ruleName, isAccusation, isElsewhere })
  return step('routed', at, sentence, { decisionId: id })
}

function messageSteps(row: MessageRow, history: readonly HistoryRow[], all: readonly MessageRow[]): Step[] {
  if (row.kind === 'notice') return noticeSteps(row, all)
  if (row.kind === 'file') return [] // it belongs to the card
  if (row.kind === 'approval') return approvalSteps(row)
  const { id: outboxId, messageId, claimedAt, changedAt, createdAt, state } = row
  const found = { outboxId, ...(messageId === null ? {} : { messageId }) }
  switch (state) {
    case 'pending':
      if (row.attempts > 0) return [step('trouble', changedAt, timelineTexts.trouble('retry'), found)]
      return [step('waiting', createdAt, timelineTexts.waiting(row.kind === 'answer' ? 'answer' : 'other'), found)]
    case 'held':
      return [step('held', changedAt, timelineTexts.held(row.heldBy), found)]
    case 'sending':
      return []
    case 'cancelled':
      return [step('cancelled', changedAt, timelineTexts.cancelled(row.errorCode), found)]
    case 'sent':
      return [sent(row, claimedAt ?? changedAt, found)]
    case 'confirmed': {
      const seenAt =
        history.find(({ details }) => OfRow.safeParse(details).data?.outboxId === outboxId)?.at ?? changedAt
      const went = sent(row, claimedAt ?? changedAt, found)
      return row.kind === 'answer' ? [went, step('confirmed', seenAt, timelineTexts.confirmed(row), found)] : [went]
    }
    default:
      return [step('trouble', changedAt, timelineTexts.trouble(state), found)]
  }
}

function sent(row: MessageRow, at: Date, found: Step['ids']): Step {
  if (row.kind === 'acknowledgement' || row.kind === 'reaction')
    return step('acknowledged', at, timelineTexts.acknowledged(row), found)
  if (row.kind === 'card') return step('card', at, timelineTexts.card(chatOf(row)), found)
  const done = onThePage[row.kind]
  if (done !== undefined) return step(done.kind, at, done.sentence(), found)
  return step('published', at, timelineTexts.published(row), found)
}

/** What is done besides answering where the question stands. None of these sentences takes anybody's words. */
const onThePage: Readonly<Record<string, { readonly kind: StepKind; readonly sentence: () => Sentence }>> = {
  private_reply: { kind: 'answered_privately', sentence: timelineTexts.answeredPrivately },
  edit: { kind: 'edited', sentence: timelineTexts.edited },
  delete: { kind: 'taken_down', sentence: timelineTexts.takenDown },
  hide: { kind: 'hidden', sentence: timelineTexts.hidden },
  unhide: { kind: 'shown', sentence: timelineTexts.shown },
  photo: { kind: 'published', sentence: timelineTexts.photoFollowed },
  post: { kind: 'posted', sentence: timelineTexts.posted },
}

/** Of what is said to officers, two things belong here: that their answer stands, and why a message of theirs does not. */
function noticeSteps(row: MessageRow, all: readonly MessageRow[]): Step[] {
  const refused = ['already_answered', 'not_yours'].includes(row.originOutcome ?? '')
  if (refused || row.originOutcome?.startsWith('answer_')) {
    const sentence = timelineTexts.answerRefused(row.originOutcome ?? '')
    return [step('answer_refused', row.createdAt, sentence, { eventId: row.originId })]
  }
  const isAboutAnswer = all.some(({ id, kind }) => id === row.originId && kind === 'answer')
  if (!isAboutAnswer || row.claimedAt === null || (row.state !== 'sent' && row.state !== 'confirmed')) return []
  return [step('officer_told', row.claimedAt, timelineTexts.officerTold(), { outboxId: row.id })]
}

/** A long one has several parts, which are read as one. */
function approvalSteps({ id, reader, claimedAt, state, part }: MessageRow): Step[] {
  if (claimedAt === null || !isOut(state) || part > 1) return []
  return [step('approval', claimedAt, timelineTexts.askedToApprove(reader), { outboxId: id })]
}

/** Who has a restricted case in hand: those whose chat its card stands in. */
function onlySeenBy({ confidentiality }: SubjectRow, messages: readonly MessageRow[]): Step[] {
  if (confidentiality !== 'restricted') return []
  const cards = messages.filter(({ kind, place, state }) => kind === 'card' && place === 'direct' && isOut(state))
  const readers = [...new Set(cards.flatMap(({ reader }) => (reader === null ? [] : [reader])))]
  const at = cards.at(-1)?.claimedAt
  return readers.length === 0 || at == null ? [] : [step('only_seen_by', at, timelineTexts.onlySeenBy(readers), {})]
}

function isOut(state: string): boolean {
  return state === 'sent' || state === 'confirmed'
}

function chatOf({ groupName, reader }: Pick<MessageRow, 'groupName' | 'reader'> & PlaceFacts): string {
  return groupName === null ? timelineTexts.directChat(reader) : timelineTexts.groupChat(groupName)
}

function ids({ caseId }: SubjectRow): Step['ids'] {
  return caseId === null ? {} : { caseId }
}

function step(kind: StepKind, at: Date, sentence: Sentence, found: Step['ids']): Step {
  return { kind, at, ...sentence, ids: found }
}
