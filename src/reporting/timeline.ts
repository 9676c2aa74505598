import type { Db } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'
import { timelineTexts } from '../texts/timeline.ts'
import {
  type AnswerRow,
  answerRows,
  type DecisionRow,
  decisionRows,
  type HistoryRow,
  historyRows,
  type MessageRow,
  messageRows,
  type SubjectRow,
  subjectRows,
} from './timeline-rows.ts'
import { caseSteps, type PublicStep, type Step } from './timeline-steps.ts'

interface Matter {
  /** The message that began it. */
  readonly id: string
  readonly caseId: CaseId | null
  readonly code: string | null
  readonly platform: string
  readonly place: string
  readonly at: Date
}

/** What everybody may read may be quoted. */
interface PublicTimeline extends Matter {
  readonly readers: 'public'
  readonly words: string | null
  readonly author: string | null
  readonly steps: readonly PublicStep[]
}

/** There is no field here that could hold a word of the resident's or of an answer. */
interface RestrictedTimeline extends Matter {
  readonly readers: 'restricted'
  readonly steps: readonly Step[]
}

/** A message without a case; its words are shown only where it was judged to need nobody. */
interface LooseTimeline extends Matter {
  readonly readers: 'nobody_needed'
  readonly words: string | null
  readonly author: string | null
  readonly steps: readonly Step[]
}

export type Timeline = PublicTimeline | RestrictedTimeline | LooseTimeline

/** What happened to each of the latest matters, step by step, newest matter first. Reads only. */
export async function recentTimelines(
  db: Db,
  { limit, after }: { readonly limit: number; readonly after: Date },
): Promise<Timeline[]> {
  const subjects = await subjectRows(db, after, limit)
  const cases = subjects.flatMap(({ caseId }) => (caseId === null ? [] : [caseId]))
  const [history, decisions, answers, messages] =
    cases.length === 0
      ? [[], [], [], []]
      : await Promise.all([
          historyRows(db, cases),
          decisionRows(db, cases),
          answerRows(db, cases),
          messageRows(db, cases),
        ])
  return subjects.map((subject) =>
    timelineOf(subject, {
      history: of(subject, history),
      decisions: of(subject, decisions),
      answers: of(subject, answers),
      messages: of(subject, messages),
    }),
  )
}

function of<Row extends { caseId: CaseId }>({ caseId }: SubjectRow, rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.caseId === caseId)
}

interface Rows {
  readonly history: readonly HistoryRow[]
  readonly decisions: readonly DecisionRow[]
  readonly answers: readonly AnswerRow[]
  readonly messages: readonly MessageRow[]
}

function timelineOf(subject: SubjectRow, rows: Rows): Timeline {
  const { eventId: id, caseId, code, platform, place, receivedAt: at, words, author } = subject
  const matter: Matter = { id, caseId, code, platform, place, at }
  const first = arrival(subject)
  if (subject.confidentiality === null) {
    const end = timelineTexts.withoutCase(subject.outcome)
    const last: Step = { kind: 'left_alone', at: subject.closedAt ?? subject.recordedAt, ...end, ids: {} }
    return { ...matter, readers: 'nobody_needed', words, author, steps: [...first, last] }
  }
  const steps = inOrder([...first, ...caseSteps(subject, rows)])
  if (subject.confidentiality === 'restricted') {
    return { ...matter, readers: 'restricted', steps: steps.map(({ words: _never, ...step }) => step) }
  }
  return { ...matter, readers: 'public', words, author, steps }
}

function arrival(subject: SubjectRow): Step[] {
  const { deliveryId, eventId } = subject
  return [
    { kind: 'received', at: subject.receivedAt, ...timelineTexts.received(subject), ids: { deliveryId } },
    { kind: 'stored', at: subject.recordedAt, ...timelineTexts.stored(), ids: { eventId } },
  ]
}

/** By time; what stands at the same moment keeps the order in which it was written down. */
function inOrder(steps: readonly PublicStep[]): PublicStep[] {
  return [...steps].sort((a, b) => a.at.getTime() - b.at.getTime())
}
