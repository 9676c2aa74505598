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
  ['gui lai', { kind: 'resend' }],
  ['hien lai', { kind: 'unhide' }],
  ['thu hoi', { kind: 'take_back' }],
  ['duyet', { kind: 'approve' }],
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
  if (found !== null && /^\s*thu\s+h[ồo]i\s+$/iu.test(text.slice(0, found.at).normalize('NFC'))) {
    return { command: { kind: 'take_back' }, code: found.code }
  }
  const isAtHead = found !== null && text.slice(0, found.at).trim() === ''
  const code = isAtHead ? found.code : null
  const rest = isAtHead ? text.slice(found.at + found.length).replace(/^[\s:,.–-]+/u, '') : text
  const word = words.get(
    fold(rest)
      .replace(/^["“”'‘’]+|["“”'‘’.,!…]+$/gu, '')
      .trim(),
  )
  return {
    command: word ?? readBrake(rest) ?? readGivenBack(rest) ?? readLed(rest) ?? { kind: 'answer', text: rest.trim() },
    code,
  }
}

/**
 * "dừng đăng" or "đăng tiếp", alone or before a colon and a reason. Typed with diacritics they must be these: "đúng dạng"
 * and "đang tiếp" are other words.
 */
function readBrake(text: string): Command | null {
  const [, words = '', reason] = /^([^:：;,!.]*)(?:[!.]*|[:：;,]([\s\S]*))$/u.exec(text.trim()) ?? []
  const why = reason === undefined || reason.trim() === '' ? null : reason.trim()
  switch (words.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim()) {
    case 'dừng đăng':
    case 'dung dang':
      return { kind: 'stop_publishing', reason: why }
    case 'đăng tiếp':
    case 'dang tiep':
      return { kind: 'resume_publishing', reason: why }
    default:
      return null
  }
}

/** "trả lại" and what follows, which is the reason. */
function readGivenBack(text: string): Command | null {
  const [, first = '', second = '', reason = ''] =
    /^\s*(\S+)\s+([^\s:：;.,!–-]+)[\s:：;.,!–-]*([\s\S]*)$/u.exec(text) ?? []
  if (fold(`${first} ${second}`) !== 'tra lai') return null
  return { kind: 'give_back', reason: reason.trim(), text: text.trim() }
}

/**
 * Words that are a command when a colon follows, or what stands beside it on a telephone. With diacritics they must be
 * these, or none: "ăn:" and "sữa:" begin answers about food.
 */
const leading: ReadonlyMap<string, (rest: string) => Command> = new Map([
  ...both('riêng', 'rieng', (text) => ({ kind: 'answer_privately', text })),
  ...both('trả lời riêng', 'tra loi rieng', (text) => ({ kind: 'answer_privately', text })),
  ...both('sửa', 'sua', (text) => ({ kind: 'edit', text })),
  ...both('gỡ', 'go', (reason) => ({ kind: 'take_down', reason })),
  ...both('thu hồi', 'thu hoi', () => ({ kind: 'take_back' })),
  ...both('ẩn', 'an', (reason) => ({ kind: 'hide', reason })),
  ...both('hiện lại', 'hien lai', () => ({ kind: 'unhide' })),
  ...both('đăng bài', 'dang bai', (text) => ({ kind: 'post', text })),
])

function both(typed: string, plain: string, command: (rest: string) => Command): [string, (rest: string) => Command][] {
  return [
    [typed, command],
    [plain, command],
  ]
}

function readLed(text: string): Command | null {
  const trimmed = text.normalize('NFC').trim()
  const [, words = '', rest = ''] = /^([^:：;\n]{1,20})[:：;]([\s\S]*)$/u.exec(trimmed) ?? []
  const command = leading.get(words.toLowerCase().replace(/\s+/gu, ' ').trim())
  if (command !== undefined) return command(rest.trim())
  // What was meant for one person must not come to stand in public because of a wrong key.
  const [, privately] = /^(?:trả\s+lời\s+)?riêng\s*[-–.,]\s*(\S[\s\S]*)$/iu.exec(trimmed) ?? []
  if (privately !== undefined) return { kind: 'answer_privately', text: privately }
  // Sent without what has to follow they are no answer either.
  const alone = /^(riêng|trả\s+lời\s+riêng|sửa|gỡ|ẩn|đăng\s+bài)[.,!…]*$/iu.exec(trimmed)?.[1]
  return alone === undefined ? null : (leading.get(alone.toLowerCase().replace(/\s+/gu, ' '))?.('') ?? null)
}
