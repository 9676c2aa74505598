import type { Core } from '../core.ts'
import { pkceChallenge } from '../wire.ts'
import type { RefreshToken } from '../world.ts'
import { oauthRefusal, Refusal, type Result, refuse } from './answer.ts'

export type Pair = { accessToken: string; refreshToken: string; expiresIn: number }

const CODE_MS = 10 * 60_000

/** A new pair for the OA. What it replaces is the caller's business. */
export function issue({ world, settings }: Core, oaId: string): Pair {
  const accessToken = world.nextId('simulated-access-')
  const refreshToken = world.nextId('simulated-refresh-')
  const now = world.now()
  world.accessTokens.set(accessToken, { oaId, until: now + settings.accessTokenMs, isAlive: true })
  world.refreshTokens.set(refreshToken, { oaId, until: now + settings.refreshTokenMs, isUsed: false })
  return { accessToken, refreshToken, expiresIn: Math.floor(settings.accessTokenMs / 1000) }
}

/** An admin of the OA says yes once more: a code for the token address, and every earlier pair is dead. */
export function consent(core: Core, oaId: string, challenge: string | null): string {
  const { world, journal } = core
  endPairs(core, oaId)
  const code = world.nextId('simulated-code-')
  world.codes.set(code, { oaId, until: world.now() + CODE_MS, challenge })
  journal.write({ kind: 'token', what: 'consented', oaId })
  return code
}

/** The OA a call is made for. */
export function callerOf({ world }: Core, token: string): string {
  const known = world.accessTokens.get(token)
  if (known === undefined || !known.isAlive) throw refuse(-216)
  if (known.until <= world.now()) throw refuse(-220)
  return known.oaId
}

/** `POST /v4/oa/access_token`: a code or a refresh token, once each, for a new pair. */
export function exchange(core: Core, form: URLSearchParams, secretKey: string): Result {
  const { journal, appId, appSecret } = core
  try {
    if (form.get('app_id') !== appId) throw oauth(-14002)
    if (secretKey !== appSecret) throw oauth(-14004)
    const oaId = form.get('grant_type') === 'authorization_code' ? byCode(core, form) : byRefresh(core, form)
    const { accessToken, refreshToken, expiresIn } = issue(core, oaId)
    journal.write({ kind: 'token', what: 'refreshed', oaId })
    const body = { access_token: accessToken, refresh_token: refreshToken, expires_in: String(expiresIn) }
    return { body, created: [accessToken, refreshToken] }
  } catch (error) {
    if (error instanceof Refusal) journal.write({ kind: 'token', what: 'refused', oaId: null })
    throw error
  }
}

function byRefresh(core: Core, form: URLSearchParams): string {
  if (form.get('grant_type') !== 'refresh_token') throw oauth(-14001)
  const token: RefreshToken | undefined = core.world.refreshTokens.get(form.get('refresh_token') ?? '')
  if (token === undefined) throw oauth(-14014)
  if (token.isUsed || token.until <= core.world.now()) throw oauth(-14020)
  token.isUsed = true
  if (core.settings.refreshEndsAccess) endAccess(core, token.oaId)
  return token.oaId
}

function byCode({ world }: Core, form: URLSearchParams): string {
  const code = form.get('code') ?? ''
  const known = world.codes.get(code)
  world.codes.delete(code)
  if (known === undefined || known.until <= world.now()) throw oauth(-14019)
  const verifier = form.get('code_verifier')
  if (known.challenge !== null && (verifier === null || pkceChallenge(verifier) !== known.challenge))
    throw oauth(-14012)
  return known.oaId
}

/** The OA's tokens are worth nothing any more, as when an admin takes the app off. */
export function endPairs(core: Core, oaId: string): void {
  endAccess(core, oaId)
  for (const token of core.world.refreshTokens.values()) if (token.oaId === oaId) token.isUsed = true
}

export function endAccess({ world }: Core, oaId: string): void {
  for (const token of world.accessTokens.values()) if (token.oaId === oaId) token.isAlive = false
}

function oauth(code: number): Refusal {
  return new Refusal(oauthRefusal(code))
}
