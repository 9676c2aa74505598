import type { LogEntry } from '../../../sim/zalo/world/log.ts'
import type { Questions } from './talk.ts'

/** What stands in the residents' groups, by Zalo's own log and nothing of the product's. */
export interface Answers {
  readonly questions: number
  /** All that our accounts have posted there or to residents 1:1. */
  readonly posted: number
  readonly missing: readonly string[]
  readonly doubled: readonly string[]
  /** Under what was no question (a sign, too), without a quote, or to somebody 1:1. */
  readonly unasked: readonly string[]
  /** In another group than the question, or an answer that was given to another question. */
  readonly misplaced: readonly string[]
}

const CARD = / mới · (DH-\w{3}-\w{3})$/m
const CODE = /DH-\w{3}-\w{3}/
/** By these words officers and residents speak of the same thing. */
const SUBJECT = /đoạn số (\d+)/

/** Pure. Each question needs one answer that quotes it, in its group, given to the card that shows this question. */
export function countAnswers(
  log: readonly LogEntry[],
  questions: Questions,
  offices: { readonly groups: ReadonlySet<string>; readonly people: ReadonlySet<string> },
): Answers {
  const subjects = new Map<string, string>()
  const subjectOfCode = new Map<string, string>()
  const under = new Map([...questions.keys()].map((id): [string, string[]] => [id, []]))
  const unasked: string[] = []
  const misplaced: string[] = []
  let posted = 0
  for (const entry of log) {
    if (entry.what === 'said') subjects.set(entry.msgId, SUBJECT.exec(entry.text)?.[1] ?? '')
    const isSign = entry.what === 'reacted' && 'account' in entry.by
    if (isSign && !under.has(entry.msgId)) unasked.push(entry.msgId)
    if (entry.what !== 'posted' || entry.via !== 'api') continue
    const { thread, text, msgId, quote } = entry
    const isOffice = 'group' in thread ? offices.groups.has(thread.group) : offices.people.has(thread.person)
    if (isOffice) {
      const code = CARD.exec(text)?.[1]
      if (code !== undefined) subjectOfCode.set(code, SUBJECT.exec(text)?.[1] ?? '')
      continue
    }
    posted += 1
    const answers = quote === null ? undefined : under.get(quote)
    if (quote === null || answers === undefined) {
      unasked.push(msgId)
      continue
    }
    answers.push(msgId)
    const isInPlace = 'group' in thread && thread.group === questions.get(quote)
    const isAbout = subjectOfCode.get(CODE.exec(text)?.[0] ?? '') === subjects.get(quote)
    if (!isInPlace || !isAbout) misplaced.push(msgId)
  }
  const idsWith = (isWrong: (answers: readonly string[]) => boolean): string[] =>
    [...under].flatMap(([id, answers]) => (isWrong(answers) ? [id] : []))
  return {
    questions: under.size,
    posted,
    missing: idsWith(({ length }) => length === 0),
    doubled: idsWith(({ length }) => length > 1),
    unasked,
    misplaced,
  }
}

/** What is wrong, in a sentence; null: each question has its answer, once, and nothing else was said. */
export function whatIsWrong({ questions, missing, doubled, unasked, misplaced }: Answers): string | null {
  const told = Object.entries({ missing, doubled, unasked, misplaced }).flatMap(([what, ids]) =>
    ids.length === 0 ? [] : [`${ids.length} ${what} (${ids.slice(0, 3).join(', ')})`],
  )
  return told.length === 0 ? null : `of ${questions} questions: ${told.join('; ')}`
}
