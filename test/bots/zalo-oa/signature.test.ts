import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { checkMac, documentedMacRules, type MacRules, type SignedDelivery } from '../../../bots/zalo-oa/signature.ts'
import { fixture, fixtures, type OaFixture } from './fixtures.ts'

const now = new Date(1764000000000 + 60_000)

function delivery({ raw, headers }: OaFixture, change: Partial<SignedDelivery> = {}): SignedDelivery {
  return {
    rawBody: Buffer.from(raw),
    body: JSON.parse(raw),
    signature: headers['x-zevent-signature'],
    timestampHeader: undefined,
    ...change,
  }
}

function check(given: SignedDelivery, change: { rules?: MacRules; secrets?: string[]; now?: Date } = {}): string {
  const { app_id: appId, oa_secret_key: secret } = fixture('01-user-send-text').secrets
  return checkMac(given, { appId, secrets: [secret], rules: documentedMacRules, now, ...change })
}

const text = fixture('01-user-send-text')
const mac = text.headers['x-zevent-signature']?.slice(4) ?? ''

it.each(fixtures.map((one) => [one.name, one] as const))('%s: its mac is judged as it should be', (_name, one) => {
  expect(check(delivery(one))).toBe(one.expect.verified ? 'genuine' : 'bad_signature')
})

it('one changed byte, or the body written anew, is forged', () => {
  const spaced = JSON.stringify(text.body, null, 1)

  expect(check(delivery(text, { rawBody: Buffer.from(text.raw.replace('giờ', 'gio')) }))).toBe('bad_signature')
  expect(check(delivery(text, { rawBody: Buffer.from(spaced) }))).toBe('bad_signature')
})

it('an HMAC with the right secret is not a mac of Zalo’s', () => {
  const { app_id, oa_secret_key } = text.secrets
  const hmac = createHmac('sha256', oa_secret_key).update(`${app_id}${text.raw}1764000000000`).digest('hex')

  expect(check(delivery(text, { signature: `mac=${hmac}` }))).toBe('bad_signature')
})

it.each([
  ['nothing', undefined],
  ['an empty one', ''],
  ['a short one', 'mac=67'],
  ['one that is not hex', `mac=${'z'.repeat(64)}`],
  ['one with a tail', `mac=${mac}00`],
])('%s is no signature', (_name, signature) => {
  expect(check(delivery(text, { signature }))).toBe('bad_signature')
})

it('the prefix may be missing unless the setting demands it; capitals do not matter', () => {
  const strict: MacRules = { ...documentedMacRules, prefix: 'required' }

  expect(check(delivery(text, { signature: mac }))).toBe('genuine')
  expect(check(delivery(text, { signature: `mac=${mac.toUpperCase()}` }))).toBe('genuine')
  expect(check(delivery(text, { signature: mac }), { rules: strict })).toBe('bad_signature')
  expect(check(delivery(text), { rules: strict })).toBe('genuine')
})

it('the timestamp is taken from the header where the setting says so, and from nowhere else', () => {
  const rules: MacRules = { ...documentedMacRules, timestamp: 'header' }
  const timestamp = '1764000000000'
  const raw = '{"event_name":"user_send_text"}'
  const { app_id, oa_secret_key } = text.secrets
  const signature = createHash('sha256').update(`${app_id}${raw}${timestamp}${oa_secret_key}`).digest('hex')
  const given = { rawBody: Buffer.from(raw), body: JSON.parse(raw), signature, timestampHeader: timestamp }

  expect(check(given, { rules })).toBe('genuine')
  expect(check(given)).toBe('bad_signature')
  expect(check({ ...given, timestampHeader: undefined }, { rules })).toBe('bad_signature')
})

it('a timestamp that is a number counts as its digits', () => {
  const raw = '{"timestamp":1764000000000}'
  const { app_id, oa_secret_key } = text.secrets
  const signature = createHash('sha256').update(`${app_id}${raw}1764000000000${oa_secret_key}`).digest('hex')

  expect(check(delivery(text, { rawBody: Buffer.from(raw), body: JSON.parse(raw), signature }))).toBe('genuine')
})

it('either of two secrets will do while one is being replaced; an empty one never', () => {
  const { app_id, oa_secret_key } = text.secrets
  const unsealed = createHash('sha256').update(`${app_id}${text.raw}1764000000000`).digest('hex')

  expect(check(delivery(text), { secrets: ['the-next-one', oa_secret_key] })).toBe('genuine')
  expect(check(delivery(text), { secrets: ['the-next-one'] })).toBe('bad_signature')
  expect(check(delivery(text, { signature: unsealed }), { secrets: [''] })).toBe('bad_signature')
})

it.each([
  ['after the last redelivery', 110 * 60_000 + 30_000, 'genuine'],
  ['three hours later', 3 * 3_600_000 + 1, 'stale'],
  ['a clock a little ahead', -9 * 60_000, 'genuine'],
  ['from the future', -11 * 60_000, 'stale'],
])('%s: %s', (_name, ageMs, judged) => {
  expect(check(delivery(text), { now: new Date(1764000000000 + ageMs) })).toBe(judged)
})

it('a forged old one is forged before it is old', () => {
  expect(check(delivery(fixture('09-bad-signature')), { now: new Date(0) })).toBe('bad_signature')
})
