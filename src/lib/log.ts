import { type Logger, type LoggerOptions, pino } from 'pino'
import { AppError } from './errors.ts'

export type Log = Logger

/** Names under which words of people or secrets could travel; whatever stands there is replaced before it is written. */
const hidden = [
  'text',
  'body',
  'content',
  'message',
  'token',
  'access_token',
  'accessToken',
  'secret',
  'appSecret',
  'session',
  'cookie',
  'cookies',
  'imei',
  'authorization',
  'password',
  'authorName',
  'displayName',
  'name',
  'phone',
]

/** Structured logs to standard output (or `destination`): static messages, facts as fields, ids and counts only. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
    serializers: { err: describeError, error: describeError },
    formatters: { level: (label: string) => ({ level: label }), log: describeErrors },
    hooks: { logMethod: withStaticMessage },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** Left alone, pino would take an error's message for the line's own where a caller gives none, or gives just that. */
function withStaticMessage(this: Logger, args: unknown[], method: (...args: never[]) => void): void {
  const [first, said, ...others] = args
  const error = first instanceof Error ? first : findError(first)
  const fields = first instanceof Error ? { err: first } : first
  const isForeign = error !== null && (said === undefined || (said === error.message && !(error instanceof AppError)))
  Reflect.apply(method, this, isForeign ? [fields, 'error'] : [fields, said, ...others])
}

function findError(fields: unknown): Error | null {
  if (typeof fields !== 'object' || fields === null || !('err' in fields)) return null
  return fields.err instanceof Error ? fields.err : null
}

/** An error under any other name would be written with all its fields: the database's hold whole rows. */
function describeErrors(fields: Record<string, unknown>): Record<string, unknown> {
  const isStray = ([key, value]: [string, unknown]): boolean =>
    value instanceof Error && key !== 'err' && key !== 'error'
  if (!Object.entries(fields).some(isStray)) return fields
  return Object.fromEntries(
    Object.entries(fields).map((field) => (isStray(field) ? [field[0], describeError(field[1])] : field)),
  )
}

/** Our own errors say sentences made of ids; a foreign message may quote whatever it was given, so only its kind is kept. */
function describeError(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { type: typeof thrown }
  const code =
    'code' in thrown && (typeof thrown.code === 'string' || typeof thrown.code === 'number') ? thrown.code : null
  return {
    type: thrown.name,
    code,
    ...(thrown instanceof AppError ? { sentence: thrown.message, details: thrown.details } : {}),
    at: framesOf(thrown),
  }
}

/** A stack begins with the message, which may have lines that look like anything: it is cut off before frames are read. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = message === '' ? -1 : stack.indexOf(message)
  return (end === -1 ? stack : stack.slice(end + message.length))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
    .slice(0, 5)
}
