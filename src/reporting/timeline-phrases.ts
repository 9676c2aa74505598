import { comparable, fold } from '../lib/text.ts'

/**
 * The folded phrases that decided a reading, as the writer wrote them: "thu tuc" → "thủ tục". What cannot be found in the
 * text is left out: it would explain nothing to a reader.
 */
export function asWritten(text: string, phrases: readonly string[]): string[] {
  const letters = [...comparable(text)]
  // One folded letter for each written one, so that places in both texts are the same.
  const folded = letters
    .map((letter) => fold(letter).charAt(0))
    .map((letter) => (/[a-z0-9]/.test(letter) ? letter : ' '))
  const words = ` ${folded.join('')} `
  return phrases.flatMap((phrase) => {
    const at = words.indexOf(` ${phrase} `)
    return at < 0 ? [] : [letters.slice(at, at + phrase.length).join('')]
  })
}
