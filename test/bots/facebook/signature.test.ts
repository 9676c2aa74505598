import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { appSecretProof, isSigned, readSignedRequest } from '../../../bots/facebook/signature.ts'
import { readJson } from './fixtures.ts'

const vectors = z
  .object({
    appSecret: z.string(),
    vectors: z.array(
      z.object({ name: z.string(), rawBodyBase64: z.string(), header: z.string(), expect: z.boolean() }),
    ),
    otherVectors: z.object({
      accessToken: z.string(),
      appsecret_proof: z.string(),
      signed_request: z.object({
        valid: z.string(),
        validWithPadding: z.string(),
        invalidTampered: z.string(),
        invalidAlg: z.string(),
      }),
    }),
  })
  .parse(readJson('signature-vectors.json'))
const { appSecret, otherVectors } = vectors
const requests = otherVectors.signed_request

it.each(vectors.vectors)('$name is $expect', ({ rawBodyBase64, header, expect: valid }) => {
  expect(isSigned(Buffer.from(rawBodyBase64, 'base64'), header, [appSecret])).toBe(valid)
})

it('while the secret is rotated both are valid, and none is when there is none', () => {
  const body = Buffer.from('{}')
  const header = `sha256=${createHmac('sha256', 'old').update(body).digest('hex')}`

  expect(isSigned(body, header, ['new', 'old'])).toBe(true)
  expect(isSigned(body, header, ['new'])).toBe(false)
  expect(isSigned(body, header, [])).toBe(false)
  expect(isSigned(body, undefined, ['old'])).toBe(false)
})

it('the proof of a token is its HMAC under the app secret', () => {
  expect(appSecretProof(otherVectors.accessToken, appSecret)).toBe(otherVectors.appsecret_proof)
})

it.each([
  ['valid', requests.valid],
  ['padded', requests.validWithPadding],
])('a %s signed request names who asks', (_name, request) => {
  expect(readSignedRequest(request, ['other', appSecret])).toEqual({ userId: '24000000000000001' })
})

it('padding of the payload may be signed or added afterwards', () => {
  const payload = Buffer.from('{"algorithm":"HMAC-SHA256","user_id":"1"}').toString('base64')
  const [bare] = payload.split('=')
  const sign = (text = '') => createHmac('sha256', appSecret).update(text).digest('base64url')

  expect(payload).toMatch(/=$/)
  expect(readSignedRequest(`${sign(payload)}.${payload}`, [appSecret])).toEqual({ userId: '1' })
  expect(readSignedRequest(`${sign(bare)}.${payload}`, [appSecret])).toEqual({ userId: '1' })
})

it.each([
  ['tampered', requests.invalidTampered],
  ['other algorithm', requests.invalidAlg],
  ['no dot', requests.valid.replace('.', '')],
  ['empty', ''],
  ['only a dot', '.'],
  ['signature cut short', requests.valid.slice(5)],
])('a signed request is refused: %s', (_name, request) => {
  expect(readSignedRequest(request, [appSecret])).toBeNull()
})

it('a signed request under another secret is refused', () => {
  expect(readSignedRequest(requests.valid, ['other'])).toBeNull()
})
