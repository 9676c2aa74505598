/** Ids, counts and codes that explain an error. Never words of a person, never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>

export interface AppErrorOptions {
  readonly cause?: unknown
  readonly details?: ErrorDetails
}

/** Base of every error we throw on purpose: `code` is stable, the message is a sentence for a person. */
export abstract class AppError extends Error {
  abstract readonly code: string
  readonly details: ErrorDetails

  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.details = options.details ?? {}
  }
}

/** What somebody handed in is wrong; the message names it and says what was expected. */
export class InvalidInputError extends AppError {
  readonly code = 'invalid_input'
}

/** What was asked for is not done, for a reason that the message names. */
export class RefusedError extends AppError {
  readonly code = 'refused'
}

/** Whatever was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`a value that is not an Error was thrown: ${typeof thrown}`)
}

/** The stable code of an error for logs and rows; for foreign errors their own code or class name. */
export function errorCode(thrown: unknown): string {
  if (thrown instanceof AppError) return thrown.code
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code
  return toError(thrown).name
}
