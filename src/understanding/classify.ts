import { fold } from '../lib/text.ts'
import type { Kind, Label } from './label.ts'
import { lexicon } from './lexicon.ts'

/** Reads one text, without any network and without learning anything. Pure. */
export function classify(text: string): Label {
  const words = ` ${fold(text).replace(/[^a-z0-9?]+/g, ' ')} `
  const found = {
    asks: matches(words, lexicon.asks),
    reports: matches(words, lexicon.reports),
    thanks: matches(words, lexicon.thanks),
  }
  const accusation = findAccusation(words)
  const urgent = matches(words, lexicon.urgent)
  const reading =
    accusation.length + urgent.length > 0 ? certain('feedback', [...accusation, ...urgent]) : weigh(words, found)
  return { ...reading, urgent: urgent.length > 0, denunciation: accusation.length > 0 }
}

type Reading = Pick<Label, 'kind' | 'confidence' | 'because'>

function weigh(words: string, found: { asks: string[]; reports: string[]; thanks: string[] }): Reading {
  const marked = words.includes('?') ? ['?'] : []
  const asks = found.asks.length * 2 + marked.length
  const reports = found.reports.length * 2
  if (asks === 0 && reports === 0) {
    if (found.thanks.length > 0) return certain('other', found.thanks)
    const isBare = words.trim().split(' ').length <= 2
    return { kind: 'other', confidence: isBare ? 0.7 : 0.35, because: [isBare ? 'very short' : 'no telling word'] }
  }
  const kind: Kind = asks >= reports ? 'question' : 'feedback'
  const strong = Math.max(asks, reports)
  const margin = Math.abs(asks - reports)
  const because = kind === 'question' ? [...found.asks, ...marked] : found.reports
  return { kind, confidence: Math.min(0.95, 0.55 + 0.1 * Math.min(strong, 2) + 0.1 * Math.min(margin, 2)), because }
}

function certain(kind: Kind, because: string[]): Reading {
  return { kind, confidence: 0.9, because }
}

function findAccusation(words: string): string[] {
  const accuses = matches(words, lexicon.accuses)
  const blames = matches(words, lexicon.blames)
  const offices = matches(words, lexicon.offices)
  return blames.length > 0 && offices.length > 0 ? [...accuses, ...blames, ...offices] : accuses
}

function matches(words: string, phrases: readonly string[]): string[] {
  return phrases.filter((phrase) => words.includes(` ${phrase} `) || words.includes(` ${phrase}?`))
}
