import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * JSON as Facebook writes it: every character outside ASCII as \uXXXX with lower-case hex, a slash as \/, and
 * `<`, `%`, `@` escaped too. The signature is over these bytes, so a receiver that hashes a re-serialised body fails.
 */
export function toWireJson(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what lies outside printable ASCII
  return JSON.stringify(value).replace(/[^\x00-\x7e]|[/<%@]/g, escapeUnit)
}

function escapeUnit(char: string): string {
  if (char === '/') return '\\/'
  const hex = char.charCodeAt(0).toString(16)
  return `\\u${(char < '\x7f' ? hex.toUpperCase() : hex).padStart(4, '0')}`
}

/** The value of X-Hub-Signature-256 for these bytes. */
export function signature256(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** The value of the legacy X-Hub-Signature, which Facebook still sends and nobody should trust. */
export function signature1(secret: string, body: string | Buffer): string {
  return `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
}

/** appsecret_proof of an access token. */
export function secretProof(secret: string, token: string): string {
  return createHmac('sha256', secret).update(token).digest('hex')
}

/** Compares two short ASCII texts in constant time. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Time as Graph writes it: `2026-10-26T01:46:40+0000`, whole seconds. */
export function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`
}

/** Seconds, as in `created_time` of a change; messaging uses milliseconds. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
