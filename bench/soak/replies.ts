import type { JournalEntry } from '../../sim/facebook/journal.ts'
import { comparable } from '../../src/lib/text.ts'

/** What stands under the residents' comments, by Facebook's own log and nothing of the product's. */
export interface Replies {
  readonly comments: number
  /** All that the product has posted as a comment. */
  readonly posted: number
  /** Comments under which more or fewer texts stand than each is owed. */
  readonly missing: readonly string[]
  readonly tooMany: readonly string[]
  /** The same text twice under one comment. */
  readonly doubled: readonly string[]
  /** Replies under what no resident wrote. */
  readonly astray: readonly string[]
}

/** An acknowledgement and an answer. */
const OWED = 2

/** Pure. Counts under each comment what was posted in the Page's name. */
export function countReplies(log: readonly JournalEntry[]): Replies {
  const under = new Map<string, string[]>()
  const astray: string[] = []
  let posted = 0
  for (const entry of log) if (entry.kind === 'resident' && entry.what === 'comment') under.set(entry.id, [])
  for (const entry of log) {
    if (entry.kind !== 'public' || entry.via !== 'graph' || entry.what !== 'comment') continue
    posted += 1
    const texts = under.get(entry.parentId ?? '')
    if (texts === undefined) astray.push(entry.id)
    else texts.push(unnumbered(entry.text))
  }
  const idsOf = (isWrong: (texts: readonly string[]) => boolean): string[] =>
    [...under].flatMap(([id, texts]) => (isWrong(texts) ? [id] : []))
  return {
    comments: under.size,
    posted,
    missing: idsOf(({ length }) => length < OWED),
    tooMany: idsOf(({ length }) => length > OWED),
    doubled: idsOf((texts) => new Set(texts).size < texts.length),
    astray,
  }
}

/** What is wrong, in a sentence; null: each comment has its two replies, once. */
export function whatIsWrong({ comments, missing, tooMany, doubled, astray }: Replies): string | null {
  const wrongs = { missing, 'too many': tooMany, doubled, astray }
  const told = Object.entries(wrongs).flatMap(([what, ids]) =>
    ids.length === 0 ? [] : [`${ids.length} ${what} (${ids.slice(0, 3).join(', ')})`],
  )
  return told.length === 0 ? null : `under ${comments} comments: ${told.join('; ')}`
}

/** A repetition may carry another number of its case. */
function unnumbered(text: string): string {
  return comparable(text).replace(/ · \d{1,4}$/u, '')
}
