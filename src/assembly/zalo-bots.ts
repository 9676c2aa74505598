import type { BotAccess } from '../../bots/zalo-bot/call.ts'
import { type BotCredentials, readCredentials } from '../../bots/zalo-bot/credentials.ts'
import { createPublisher } from '../../bots/zalo-bot/publisher.ts'
import type { BotWaits } from '../../bots/zalo-bot/waits.ts'
import { type Account, findAccount, openSecret } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { Publisher } from '../outbox/publisher.ts'

interface ZaloBotsRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  /** Null is the real platform. */
  readonly simUrl: string | null
  readonly waits: BotWaits
}

/** Our bots on the official platform, each with its own token. */
export interface ZaloBots {
  /** Null while nobody has connected the bot. */
  publisherOf(account: Account): Promise<Publisher | null>
  /** What its webhooks repeat. Null: there is no such bot, or its updates are fetched. */
  secretOf(botId: string): Promise<string | null>
  /** For fetching updates. Null: nobody has connected it, or they come by webhook. */
  pollingAccess(account: Account): Promise<BotAccess | null>
}

export function createZaloBots({ db, keyRing, clock, simUrl, waits }: ZaloBotsRoom): ZaloBots {
  const publishers = new Map<AccountId, { loginNumber: number; publisher: Publisher }>()
  const credentialsOf = async ({ id, loginNumber }: Account): Promise<BotCredentials | null> =>
    loginNumber === 0 ? null : readCredentials(await openSecret(db, keyRing, id))
  return {
    publisherOf: async (account) => {
      const { id, loginNumber } = account
      const known = publishers.get(id)
      if (known?.loginNumber === loginNumber) return known.publisher
      const credentials = await credentialsOf(account)
      if (credentials === null) return null
      const publisher = createPublisher({ access: { token: credentials.token, simUrl }, waits, clock })
      publishers.set(id, { loginNumber, publisher })
      return publisher
    },
    secretOf: async (botId) => {
      const account = await findAccount(db, 'zalo_bot', botId)
      return account === null ? null : ((await credentialsOf(account))?.webhookSecret ?? null)
    },
    pollingAccess: async (account) => {
      const credentials = await credentialsOf(account)
      return credentials === null || credentials.webhookSecret !== null ? null : { token: credentials.token, simUrl }
    },
  }
}
