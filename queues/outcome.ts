import { AppError, type AppErrorOptions, errorCode } from '../src/lib/errors.ts'
import { shorten, storable } from '../src/lib/text.ts'

/** Thrown by a handler: trying this job again cannot help. It fails at once and stays visible. */
export class GiveUpError extends AppError {
  readonly code: string = 'give_up'
}

/** Thrown by a handler: not now. The job ends and an equal one becomes due after `delayMs`; no attempt is used up. */
export class PostponeError extends AppError {
  readonly code = 'postponed'
  readonly delayMs: number

  constructor(message: string, delayMs: number, options: AppErrorOptions = {}) {
    super(message, options)
    this.delayMs = Math.max(0, Math.ceil(delayMs))
  }
}

const maxSentenceChars = 300

/**
 * What of an error may be kept beside a job: its code, and the sentence if it is ours. A foreign message can quote a
 * resident, and a NUL or half an emoji in it would leave the job active for ever (PostgreSQL refuses to store it).
 */
export function failureText(thrown: unknown): string {
  if (thrown instanceof AppError) return shorten(storable(`${thrown.code}: ${thrown.message}`), maxSentenceChars)
  return `${foreignCode(thrown)}: unexpected error, see the log`
}

function foreignCode(thrown: unknown): string {
  const code = errorCode(thrown)
  return /^[A-Za-z0-9_]{1,40}$/.test(code) ? code : 'Error'
}
