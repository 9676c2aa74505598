import { z } from 'zod'
import { type OaCredentials, readCredentials, writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import { type OaApp, type OaPair, type Renewal, redeemCode, renew } from '../../bots/zalo-oa/renew.ts'
import type { OaWire } from '../../bots/zalo-oa/wire.ts'
import { findAccount, openSecret, saveLogin } from '../accounts/store.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { resumeLane } from '../outbox/lane.ts'
import { type Command, type CommandIo, readAll, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

const usage = [
  'usage: zalo-oa connect OA_ID < consent.json',
  '       consent.json: {"refreshToken": "…", "webhookSecret": "…"}',
  '                  or {"code": "…", "codeVerifier": "…", "webhookSecret": "…"}',
  '       webhookSecret may be left out where it is known already',
].join('\n')

/** What an admin of the OA brings from Zalo's portal: a consent's code, or the pair that the portal itself shows. */
const Consent = z.union([
  z.strictObject({ refreshToken: z.string().min(1), webhookSecret: z.string().min(8).optional() }),
  z.strictObject({
    code: z.string().min(1),
    codeVerifier: z.string().min(1).optional(),
    webhookSecret: z.string().min(8).optional(),
  }),
])
type Consent = z.infer<typeof Consent>

/** Spends what the admin brings for a pair of our own, which proves it, and keeps that sealed. */
export const zaloOaCommand: Command = async ([action, oaId, ...more], io) => {
  if (action !== 'connect' || oaId === undefined || !/^\d{1,32}$/.test(oaId) || more.length > 0)
    throw new UsageError(usage)
  return connect(oaId, io)
}

async function connect(oaId: string, { stdin, stdout }: CommandIo): Promise<number> {
  const consent = readConsent(await readAll(stdin))
  return withStore(async ({ db, keyRing, config }) => {
    const { zaloOa, pacing } = config
    if (zaloOa === null) throw new RefusedError('ZALO_OA_APP_ID and ZALO_OA_APP_SECRET are missing')
    const account = await findAccount(db, 'zalo_oa', oaId)
    if (account === null) throw new RefusedError(`Official Account ${oaId} is not known: import it first`)
    const held = account.loginNumber === 0 ? null : readCredentials(await openSecret(db, keyRing, account.id))
    const webhookSecrets = secretsFrom(consent, held)
    const wire = { simUrl: zaloOa.simUrl, timeoutMs: pacing.oaWaits.callTimeoutMs }
    const { accessToken, refreshToken, expiresInMs } = pairOf(await redeem(wire, zaloOa, consent))
    const accessUntil = systemClock().getTime() + expiresInMs
    const credentials = { v: 1, accessToken, refreshToken, accessUntil, webhookSecrets } satisfies OaCredentials
    await saveLogin(db, keyRing, account.id, writeCredentials(credentials))
    await resumeLane(db, account.id, systemClock())
    stdout.write(`đã kết nối Zalo OA ${oaId}; mã truy cập được giữ kín trong cơ sở dữ liệu\n`)
    return 0
  })
}

/** Names what was expected and repeats nothing: all of it is secret. */
function readConsent(text: string): Consent {
  try {
    return Consent.parse(JSON.parse(text))
  } catch {
    throw new RefusedError(`expected JSON on standard input\n${usage}`)
  }
}

/** The former one stays good beside the new: webhooks that are under way are signed with it. */
function secretsFrom({ webhookSecret }: Consent, held: OaCredentials | null): string[] {
  const known = held?.webhookSecrets.slice(0, 1) ?? []
  const secrets = webhookSecret === undefined ? known : [...new Set([webhookSecret, ...known])]
  if (secrets.length === 0) throw new RefusedError('webhookSecret is missing: the portal shows it on its webhook page')
  return secrets
}

function redeem(wire: OaWire, app: OaApp, consent: Consent): Promise<Renewal> {
  if ('refreshToken' in consent) return renew(wire, app, consent.refreshToken)
  return redeemCode(wire, app, consent.code, consent.codeVerifier ?? null)
}

function pairOf(renewal: Renewal): OaPair {
  if (renewal.is === 'renewed') return renewal.pair
  const why = renewal.is === 'refused' ? 'Zalo refuses it' : 'Zalo gave no answer'
  throw new RefusedError(`nothing was kept: ${why} (${renewal.code}); such a token is good once, get a new one`)
}
