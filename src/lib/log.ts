import { type Logger, pino } from 'pino'

export type Log = Logger

/** Names under which words of people or secrets could travel; whatever stands there is replaced before it is written. */
const hidden = [
  'text',
  'body',
  'message',
  'token',
  'access_token',
  'secret',
  'session',
  'cookie',
  'authorization',
  'password',
  'authorName',
  'name',
]

/** Structured logs to standard output (or `destination`): static messages, facts as fields, ids and counts only. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
    serializers: { err: describeError, error: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** Our own errors say sentences made of ids; a foreign message may quote whatever it was given, so only its kind is kept. */
function describeError(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { type: typeof thrown }
  const code =
    'code' in thrown && (typeof thrown.code === 'string' || typeof thrown.code === 'number') ? thrown.code : null
  const ours = 'details' in thrown
  return {
    type: thrown.name,
    code,
    ...(ours ? { sentence: thrown.message, details: thrown.details } : {}),
    at: thrown.stack
      ?.split('\n')
      .slice(1, 6)
      .map((line) => line.trim()),
  }
}
