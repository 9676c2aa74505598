import type { OutboxId } from '../lib/ids.ts'
import { comparable } from '../lib/text.ts'

/** The end of every text that residents can read: the case's code and the ordinal of its outbox row in that case. */
export interface Mark {
  readonly code: string
  readonly ordinal: number
}

const MARK = /Mã: (DH-[2-9A-HKMNP-Z]{3}-[2-9A-HKMNP-Z]{3}) · (\d{1,4})$/u

export function withMark(body: string, { code, ordinal }: Mark): string {
  return `${body.trim()}\n\nMã: ${code} · ${ordinal}`
}

/** The mark a text ends in; null for any other text. The code alone proves nothing: several texts of a case share it. */
export function findMark(text: string): Mark | null {
  const found = MARK.exec(comparable(text))
  const [, code, ordinal] = found ?? []
  return code === undefined || ordinal === undefined ? null : { code, ordinal: Number(ordinal) }
}

const LETTERS = '23456789ABCDEFGHKMNPQRSTUVWXYZ'
const POST_MARK = /Mã bài: ([2-9A-HKMNP-Z]{4}-[2-9A-HKMNP-Z]{4})$/u

/**
 * How we find a post of ours that belongs to no case: eight letters in which the last twelve digits of its outbox id are
 * written, so that whoever has the id can say the mark, and two posts never share one by accident.
 */
export function postMark(id: OutboxId): string {
  let rest = BigInt(`0x${id.slice(-12)}`)
  let letters = ''
  for (let count = 0; count < 8; count += 1) {
    letters += LETTERS.charAt(Number(rest % BigInt(LETTERS.length)))
    rest /= BigInt(LETTERS.length)
  }
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

export function withPostMark(body: string, id: OutboxId): string {
  return `${body.trim()}\n\nMã bài: ${postMark(id)}`
}

/** Whether both texts end in the same mark; null when one of them has none, so that nothing follows from marks. */
export function haveSameMark(a: string, b: string): boolean | null {
  const [inA, inB] = [markIn(a), markIn(b)]
  return inA === null || inB === null ? null : inA === inB
}

function markIn(text: string): string | null {
  const mark = findMark(text)
  return mark === null ? (POST_MARK.exec(comparable(text))?.[1] ?? null) : `${mark.code} ${mark.ordinal}`
}
