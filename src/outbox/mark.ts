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
