import { parseArgs } from 'node:util'

/** What was typed after "zalo login" and its like. */
export interface ZaloWords {
  readonly uid: string | null
  /** The admin's name, as the setup file has it. */
  readonly admin: string | null
  /** Where to draw the QR code. */
  readonly file: string | null
  /** The words of consent come through a pipe, from a script that has shown the statement itself. */
  readonly isPiped: boolean
}

/** Null when it cannot be meant so. */
export function readZaloWords(typed: readonly string[]): ZaloWords | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...typed],
      allowPositionals: true,
      options: { admin: { type: 'string' }, qr: { type: 'string' }, consent: { type: 'boolean', default: false } },
    })
    const [uid = null, ...more] = positionals
    const { admin = null, qr: file = null, consent: isPiped } = values
    return more.length > 0 || (isPiped && admin === null) ? null : { uid, admin, file, isPiped }
  } catch {
    return null
  }
}
