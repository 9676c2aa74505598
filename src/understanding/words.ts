import { comparable, fold } from '../lib/text.ts'

/** A text cut into words, each as it was written and as it reads without its diacritics. */
export interface Words {
  readonly written: readonly string[]
  /** All folded words with one space around each. */
  readonly folded: string
  /** Whether its writer uses diacritics: then a word without any is meant that way. */
  readonly isAccented: boolean
  /** "ông Thắng", "nhà chị Mai": somebody who can be told. */
  readonly namesSomebody: boolean
}

const NAMED =
  /(?<!\p{L})(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Dd]ì|[Tt]hím|[Cc]ậu|[Tt]hầy|[Tt]hằng|[Hh]ộ|[Ll]ão|[Mm]ụ) \p{Lu}\p{Ll}/u

/** In careful Vietnamese about every second word or more has one. */
const ACCENTED_SHARE = 0.3

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu

export function wordsOf(text: string): Words {
  const written =
    comparable(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*|\?/gu) ?? []
  const bare = written.map(fold)
  const accented = written.filter((word, at) => word !== bare[at]).length
  return {
    written,
    folded: ` ${bare.join(' ')} `,
    isAccented: accented > written.length * ACCENTED_SHARE,
    namesSomebody: NAMED.test(comparable(text)),
  }
}

/**
 * Which of the phrases stand in the text, as whole words. A phrase without diacritics stands for every way to write it.
 * One with diacritics is ambiguous without them ("cháy" burns, "chạy" runs): a word that is written with diacritics has to
 * have the same ones; a bare word may mean it where the writer uses none.
 */
export function findPhrases(words: Words, phrases: readonly string[]): string[] {
  return phrases.filter((phrase) => {
    const folded = foldOnce(phrase)
    if (!words.folded.includes(` ${folded} `)) return false
    return folded === phrase || standsAccented(words, phrase.split(' '))
  })
}

const foldedPhrases = new Map<string, string>()

/** The lexicon is asked about every text: its phrases are folded once. */
function foldOnce(phrase: string): string {
  const known = foldedPhrases.get(phrase)
  if (known !== undefined) return known
  const folded = fold(phrase)
  foldedPhrases.set(phrase, folded)
  return folded
}

function standsAccented({ written, isAccented }: Words, phrase: readonly string[]): boolean {
  return written.some((_, at) => phrase.every((wanted, offset) => mayMean(written[at + offset], wanted, isAccented)))
}

function mayMean(word: string | undefined, wanted: string, isAccented: boolean): boolean {
  if (word === undefined) return false
  return word === fold(word) && !isAccented ? word === fold(wanted) : shape(word) === shape(wanted)
}

/** "hoà" and "hòa" are one word: the tone counts, the letter that carries it does not. */
function shape(word: string): string {
  const decomposed = word.normalize('NFD')
  return decomposed.replace(TONES, '') + (decomposed.match(TONES) ?? []).join('')
}
