import type { Kind, Label } from './label.ts'
import { lexicon } from './lexicon.ts'
import { findPhrases, type Words, wordsOf } from './words.ts'

/** Reads one text, without any network and without learning anything. Pure. */
export function classify(text: string): Label {
  const words = wordsOf(text)
  const danger = findDanger(words)
  const accusation = findAccusation(words)
  const decisive = [...accusation, ...danger]
  const reading = decisive.length > 0 ? certain('feedback', decisive) : weigh(words)
  return { ...reading, urgent: danger.length > 0, denunciation: accusation.length > 0 }
}

type Reading = Pick<Label, 'kind' | 'confidence' | 'because'>

/** More words than this are more than thanks: somebody looks at them. */
const MAX_PLEASANT_WORDS = 14

function weigh(words: Words): Reading {
  const plain = findPhrases(words, lexicon.asks)
  const reports = findPhrases(words, lexicon.reports)
  const advertisement = findPhrases(words, lexicon.advertisements)
  if (plain.length === 0 && reports.length === 0 && advertisement.length > 0) return certain('other', advertisement)
  const asks = [...plain, ...endings(words)]
  if (asks.length === 0 && reports.length === 0) return withoutRequest(words)
  const isMarked = words.written.includes('?')
  const forQuestion = asks.length * 2 + (isMarked ? 1 : 0)
  const forFeedback = reports.length * 2
  const isQuestion = forQuestion >= forFeedback
  // A report about somebody with a name may be an accusation that no list knows: a person decides.
  if (!isQuestion && words.namesSomebody) return { kind: 'feedback', confidence: 0.5, because: [...reports, 'a name'] }
  const strong = Math.max(forQuestion, forFeedback)
  const margin = Math.abs(forQuestion - forFeedback)
  return {
    kind: isQuestion ? 'question' : 'feedback',
    confidence: Math.min(0.95, 0.55 + 0.1 * Math.min(strong, 2) + 0.1 * Math.min(margin, 2)),
    because: isQuestion ? [...asks, ...(isMarked ? ['?'] : [])] : reports,
  }
}

/** Only what surely needs nobody is passed over; whatever is not understood is seen by a person. */
function withoutRequest(words: Words): Reading {
  if (words.written.includes('?')) return { kind: 'question', confidence: 0.5, because: ['?'] }
  const pleasantries = findPhrases(words, lexicon.pleasantries)
  if (pleasantries.length > 0 && words.written.length <= MAX_PLEASANT_WORDS) return certain('other', pleasantries)
  if (words.written.length === 0) return certain('other', ['no words'])
  const isBare = words.written.length <= 2
  return { kind: 'other', confidence: isBare ? 0.7 : 0.35, because: [isBare ? 'very short' : 'no telling word'] }
}

function certain(kind: Kind, because: string[]): Reading {
  return { kind, confidence: 0.9, because }
}

/** "… làm việc ko ad": the last word that is not mere politeness asks. */
function endings({ written }: Words): string[] {
  const spoken = written.filter((word) => word !== '?')
  while (spoken.length > 1 && findPhrases(wordsOf(spoken.at(-1) ?? ''), lexicon.politeness).length > 0) spoken.pop()
  return spoken.length < 3 ? [] : findPhrases(wordsOf(spoken.at(-1) ?? ''), lexicon.endings)
}

function findDanger(words: Words): string[] {
  const cries = findPhrases(words, lexicon.cries)
  const dangers = findPhrases(words, lexicon.dangers)
  if (cries.length > 0) return [...cries, ...dangers]
  const found = [...dangers, ...both(words, 'hazards', 'now'), ...both(words, 'harms', 'victims')]
  if (found.length > 0) return findPhrases(words, lexicon.calm).length === 0 ? found : []
  return words.written.length <= 2 ? findPhrases(words, ['cứu', 'cháy', 'cướp']) : []
}

function findAccusation(words: Words): string[] {
  const accuses = findPhrases(words, lexicon.accuses)
  return [...accuses, ...both(words, 'blames', 'offices'), ...both(words, 'objections', 'decisions')]
}

/** What stands there of two lists that only mean something together. */
function both(words: Words, one: keyof typeof lexicon, other: keyof typeof lexicon): string[] {
  const first = findPhrases(words, lexicon[one])
  const second = first.length === 0 ? [] : findPhrases(words, lexicon[other])
  return second.length === 0 ? [] : [...first, ...second]
}
