import { randomBytes } from 'node:crypto'
import { deleteWebhook, getMe, setWebhook } from '../../bots/zalo-bot/api.ts'
import { isToken, writeCredentials } from '../../bots/zalo-bot/credentials.ts'
import type { Config } from '../../config/load.ts'
import { findAccount, saveLogin, saveState } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { resumeLane } from '../outbox/lane.ts'

interface ConnectRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly config: Pick<Config, 'zaloBotSimUrl' | 'publicUrl' | 'pacing'>
}

export interface ConnectedBot {
  readonly id: string
  readonly name: string
  readonly by: 'webhook' | 'polling'
}

/**
 * Keeps a token after asking whose it is, and says where updates go: to our webhook where the outside reaches us by
 * https, else they are fetched. Sealed before the platform is told: the first webhook may come at once.
 */
export async function connectBot(
  { db, keyRing, clock, config }: ConnectRoom,
  token: string,
  { mayUseWebhook = true }: { readonly mayUseWebhook?: boolean } = {},
): Promise<ConnectedBot> {
  if (!isToken(token)) throw new RefusedError('expected the token of a Zalo bot, digits, a colon and letters')
  const { callTimeoutMs } = config.pacing.botWaits
  const access = { token, simUrl: config.zaloBotSimUrl }
  const { id, name } = await getMe(access, callTimeoutMs)
  const account = await findAccount(db, 'zalo_bot', id)
  if (account === null)
    throw new RefusedError(
      `this is the bot ${id}, which is not known yet: write that number into the setup file, import it and connect again`,
    )
  const base = mayUseWebhook ? webhookBase(config) : null
  const webhookSecret = base === null ? null : randomBytes(32).toString('base64url')
  await saveLogin(db, keyRing, account.id, writeCredentials({ v: 1, token, webhookSecret }))
  if (base === null || webhookSecret === null) await deleteWebhook(access, callTimeoutMs)
  else await setWebhook(access, { url: `${base}/webhooks/zalo-bot/${id}`, secret: webhookSecret }, callTimeoutMs)
  await resumeLane(db, account.id, clock())
  const by = base === null ? 'polling' : 'webhook'
  await saveState(db, account.id, by === 'webhook' ? 'connected' : 'reconnecting', by, clock())
  return { id, name, by }
}

/** The platform takes public https alone; a simulated one also this machine. */
function webhookBase({ publicUrl, zaloBotSimUrl }: ConnectRoom['config']): string | null {
  if (publicUrl === null || (zaloBotSimUrl === null && !publicUrl.startsWith('https:'))) return null
  return publicUrl.replace(/\/+$/, '')
}
