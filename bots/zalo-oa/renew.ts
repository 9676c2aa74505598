import { z } from 'zod'
import { step } from '../../src/lib/failpoint.ts'
import { callOa, NoAnswerError, type OaWire } from './wire.ts'

/** Our app on Zalo. */
export interface OaApp {
  readonly appId: string
  readonly appSecret: string
}

export interface OaPair {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresInMs: number
}

/**
 * What a renewal comes to. `refused`: Zalo has said no, and will say it again. `lost`: it may have been carried out, and
 * then the pair that we hold is dead. `not_now`: nothing has happened.
 */
export type Renewal =
  | { readonly is: 'renewed'; readonly pair: OaPair }
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'lost'; readonly code: string }
  | { readonly is: 'not_now'; readonly code: string }

const Answer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
})
const Refusal = z.object({ error: z.coerce.number().int() })

/** Said of the moment, not of the token. */
const passing = new Set([-32])

/** Spends the refresh token for a new pair. */
export function renew(wire: OaWire, app: OaApp, refreshToken: string): Promise<Renewal> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  return step('zalo-oa-renew', () => exchange(wire, app, form))
}

/** What an admin's consent is worth: a code lives for ten minutes and is good once. */
export function redeemCode(wire: OaWire, app: OaApp, code: string, verifier: string | null): Promise<Renewal> {
  const proof = verifier === null ? {} : { code_verifier: verifier }
  return exchange(wire, app, { grant_type: 'authorization_code', code, ...proof })
}

async function exchange(wire: OaWire, app: OaApp, form: Record<string, string>): Promise<Renewal> {
  try {
    const { http, body } = await callOa(wire, {
      host: 'oauth.zaloapp.com',
      method: 'POST',
      path: '/v4/oa/access_token',
      headers: { secret_key: app.appSecret },
      body: new URLSearchParams({ app_id: app.appId, ...form }),
    })
    return renewalOf(http, body)
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error
    return { is: error.wasReached ? 'lost' : 'not_now', code: error.transport }
  }
}

function renewalOf(http: number, body: unknown): Renewal {
  const answer = Answer.safeParse(body).data
  if (answer !== undefined) {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer
    return { is: 'renewed', pair: { accessToken, refreshToken, expiresInMs: seconds * 1000 } }
  }
  const code = Refusal.safeParse(body).data?.error ?? 0
  if (code !== 0) return { is: passing.has(code) ? 'not_now' : 'refused', code: String(code) }
  if (http === 429) return { is: 'not_now', code: 'http_429' }
  return { is: 'lost', code: `http_${http}` }
}
