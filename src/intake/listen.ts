import type { ListenMode } from '../accounts/groups.ts'
import { fold } from '../lib/text.ts'

/** What was written in a group, as far as it decides whether we were spoken to. */
export interface Utterance {
  readonly text: string | null
  /** It mentions our account, or quotes one of its messages. */
  readonly mentionsAccount: boolean
}

export interface Listening {
  readonly listen: ListenMode
  /** Only for `keyword`. */
  readonly keywords: readonly string[]
}

/** Hashtags with which a resident addresses us in a group. */
const addressesUs = /(^|\s)#(hoi|hỏi|phananh|phảnánh|phản_ánh)(?=\s|$|[.,:;!?])/iu

/** A hashtag with which an officer hands over what somebody else wrote; it addresses us from nobody else. */
const handsOver = /(^|\s)#(chuyen|chuyển)(?=\s|$|[.,:;!?])/iu

/** Pure. Whether these words are meant for us in a group that is listened to like this. */
export function isHeard({ text, mentionsAccount }: Utterance, { listen, keywords }: Listening): boolean {
  switch (listen) {
    case 'every_message':
      return true
    case 'keyword':
      return mentionsAccount || isAddressed(text) || containsKeyword(text, keywords)
    case 'when_addressed':
      return mentionsAccount || isAddressed(text)
    case 'when_mentioned':
      return mentionsAccount
    case 'on_forward':
      return false
  }
}

/** Pure. Whether an officer's words beside a quote say that the quoted message is for us. */
export function asksToTake({ text, mentionsAccount }: Utterance): boolean {
  return mentionsAccount || isAddressed(text) || handsOver.test(composed(text))
}

/** Pure. A keyword counts as a word of its own; a hashtag also when it is typed without its diacritics, or with them. */
export function containsKeyword(text: string | null, keywords: readonly string[]): boolean {
  const written = composed(text).toLowerCase()
  return keywords.some((keyword) => {
    const wanted = composed(keyword).toLowerCase().trim()
    if (wanted === '') return false
    return wanted.startsWith('#') ? hasWord(fold(written), fold(wanted)) : hasWord(written, wanted)
  })
}

/** Pure. Whether anything is said besides calling us: hashtags and the name that is mentioned are no words of one's own. */
export function saysSomething(text: string | null, accountName: string): boolean {
  const called = composed(text).replaceAll(`@${composed(accountName)}`, ' ')
  return /[\p{L}\p{N}]/u.test(called.replace(/(^|\s)#[\p{L}\p{M}\p{N}_]+/gu, ' '))
}

function isAddressed(text: string | null): boolean {
  return addressesUs.test(composed(text))
}

function composed(text: string | null): string {
  return (text ?? '').normalize('NFC')
}

/** As typed, with any white space where the wanted words have some, and no letter or digit touching it on either side. */
function hasWord(text: string, wanted: string): boolean {
  const pattern = wanted.split(/\s+/u).map(escaped).join('\\s+')
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_#])${pattern}(?![\\p{L}\\p{M}\\p{N}_])`, 'u').test(text)
}

function escaped(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
}
