import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Where the sources disagree. `prefix`: whether the hex must stand behind `mac=`; it is mostly there and sometimes not.
 * `timestamp`: which one goes into the mac, the body's (most sources) or that of the header `X-ZEvent-Timestamp` (one
 * report). Which secret signs is decided by what is kept for the OA: the one on the portal's webhook page.
 */
export interface MacRules {
  readonly prefix: 'optional' | 'required'
  readonly timestamp: 'body' | 'header'
}

export const documentedMacRules: MacRules = { prefix: 'optional', timestamp: 'body' }

export interface SignedDelivery {
  readonly rawBody: Buffer
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown
  /** `X-ZEvent-Signature`. */
  readonly signature: string | undefined
  /** `X-ZEvent-Timestamp`. */
  readonly timestampHeader: string | undefined
}

export interface MacCheck {
  readonly appId: string
  /** Two while one is being replaced. */
  readonly secrets: readonly string[]
  readonly rules: MacRules
  readonly now: Date
}

/** The last redelivery comes 1 h 50 min after the event, with the same timestamp and mac; clocks differ. */
const maxAgeMs = 3 * 3_600_000
const maxAheadMs = 10 * 60_000

/**
 * Is this Zalo speaking about this OA, and lately? The mac is a plain SHA-256 over app id, raw body, timestamp and
 * secret strung together; not an HMAC. Only the bytes as received will do.
 */
export function checkMac(delivery: SignedDelivery, check: MacCheck): 'genuine' | 'bad_signature' | 'stale' {
  const { rawBody, signature } = delivery
  const { appId, secrets, rules, now } = check
  const timestamp = timestampOf(delivery, rules)
  const given = macIn(signature, rules)
  if (timestamp === null || given === null) return 'bad_signature'
  let isGenuine = false
  for (const secret of secrets) {
    const expected = createHash('sha256').update(appId).update(rawBody).update(timestamp).update(secret).digest()
    if (secret !== '' && timingSafeEqual(expected, given)) isGenuine = true
  }
  if (!isGenuine) return 'bad_signature'
  const ageMs = now.getTime() - Number(timestamp)
  return ageMs > maxAgeMs || ageMs < -maxAheadMs ? 'stale' : 'genuine'
}

function macIn(signature: string | undefined, { prefix }: MacRules): Buffer | null {
  // The form first: bad hex decodes to fewer bytes without a complaint, and unequal lengths throw.
  const [, start = '', hex] = /^(mac=)?([0-9a-f]{64})$/i.exec(signature?.trim() ?? '') ?? []
  if (hex === undefined || (prefix === 'required' && start === '')) return null
  return Buffer.from(hex, 'hex')
}

function timestampOf({ body, timestampHeader }: SignedDelivery, { timestamp }: MacRules): string | null {
  const given = timestamp === 'header' ? timestampHeader : inBody(body)
  const text = typeof given === 'number' ? String(given) : given
  return typeof text === 'string' && /^\d{12,14}$/.test(text) ? text : null
}

function inBody(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'timestamp' in body ? body.timestamp : undefined
}
