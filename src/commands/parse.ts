import { findCaseCode } from '../cases/code.ts'
import { fold } from '../lib/text.ts'
import type { Command } from './command.ts'

/** Words that are a command when they are the whole message, whatever their diacritics and case. */
const words: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['cong khai', { kind: 'make_public' }],
  ['giu kin', { kind: 'make_restricted' }],
  ['kin', { kind: 'make_restricted' }],
  ['da dang', { kind: 'seen_present' }],
  ['dang lai', { kind: 'seen_absent' }],
  ['mo lai', { kind: 'reopen' }],
  ['huong dan', { kind: 'help' }],
  ['tro giup', { kind: 'help' }],
  ['?', { kind: 'help' }],
])

export interface Parsed {
  readonly command: Command
  /** The code at the head of the message, which names the case where nothing is quoted. */
  readonly code: string | null
}

/**
 * Pure. Reads an officer's message: an optional case code at its start, then a command word, or else the answer itself.
 * A code further inside the text belongs to the answer.
 */
export function parseCommand(text: string): Parsed {
  const found = findCaseCode(text)
  const isAtHead = found !== null && text.slice(0, found.at).trim() === ''
  const code = isAtHead ? found.code : null
  const rest = isAtHead ? text.slice(found.at + found.length).replace(/^[\s:,.–-]+/u, '') : text
  const word = words.get(
    fold(rest)
      .replace(/[.!]+$/, '')
      .trim(),
  )
  return { command: word ?? { kind: 'answer', text: rest.trim() }, code }
}
