import { readCredentials } from '../../bots/zalo-oa/credentials.ts'
import { oaPublisher } from '../../bots/zalo-oa/publisher.ts'
import { accountsIn } from '../../bots/zalo-oa/read.ts'
import { renew } from '../../bots/zalo-oa/renew.ts'
import { checkMac, documentedMacRules, type SignedDelivery } from '../../bots/zalo-oa/signature.ts'
import { type OaTokens, oaTokens } from '../../bots/zalo-oa/tokens.ts'
import type { Config } from '../../config/load.ts'
import type { Pacing } from '../../config/pacing.ts'
import { type Account, findAccount, listAccounts, openSecret } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { OaJudgement } from '../http/zalo-oa-webhook.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { OpenPicture, Publisher } from '../outbox/publisher.ts'
import { sealedCredentials } from './oa-credentials.ts'

const PLATFORM = 'zalo_oa'

export interface OaRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly log: Log
  readonly zaloOa: NonNullable<Config['zaloOa']>
  readonly openPicture: OpenPicture
  readonly waits: Pacing['oaWaits']
}

/** The Official Accounts of this installation: how each of them is heard, and how it answers. */
export class OfficialAccounts {
  readonly #room: OaRoom
  readonly #open = new Map<AccountId, { loginNumber: number; tokens: OaTokens; publisher: Publisher }>()

  constructor(room: OaRoom) {
    this.#room = room
  }

  /** Null while nobody has connected it. */
  async publisherOf(account: Account): Promise<Publisher | null> {
    return account.loginNumber === 0 ? null : this.#opened(account).publisher
  }

  /** Of which of our OAs this is a genuine event. Each is signed with its own OA's secret. */
  async judge(delivery: SignedDelivery): Promise<OaJudgement> {
    const { db, keyRing, clock, zaloOa } = this.#room
    for (const oaId of accountsIn(delivery.body)) {
      const account = await findAccount(db, PLATFORM, oaId)
      if (account === null || account.loginNumber === 0) continue
      const { webhookSecrets: secrets } = readCredentials(await openSecret(db, keyRing, account.id))
      const rules = { ...documentedMacRules, timestamp: zaloOa.macTimestamp }
      const judged = checkMac(delivery, { appId: zaloOa.appId, secrets, rules, now: clock() })
      return judged === 'genuine' ? { is: 'genuine', oaId } : { is: 'refused', reason: judged }
    }
    return { is: 'refused', reason: 'unknown_account' }
  }

  /** Renews every pair that ends soon. Also those of an OA that sends nothing: a refresh token dies unused in three months. */
  async renewDue(): Promise<void> {
    const { db, log } = this.#room
    for (const account of await listAccounts(db, PLATFORM)) {
      if (account.loginNumber === 0) continue
      try {
        await this.#opened(account).tokens.current()
      } catch (error) {
        log.warn(
          { accountId: account.id, code: errorCode(error) },
          'the tokens of an Official Account were not renewed',
        )
      }
    }
  }

  #opened(account: Account): { tokens: OaTokens; publisher: Publisher } {
    const known = this.#open.get(account.id)
    if (known?.loginNumber === account.loginNumber) return known
    const { db, keyRing, clock, zaloOa, openPicture, waits } = this.#room
    const log = this.#room.log.child({ accountId: account.id })
    const { simUrl } = zaloOa
    const wire = { simUrl, timeoutMs: waits.callTimeoutMs }
    const store = sealedCredentials({ db, keyRing, clock, log, callTimeoutMs: waits.callTimeoutMs }, account)
    const tokens = oaTokens({
      store,
      renew: (refreshToken) => renew(wire, zaloOa, refreshToken),
      renewEarlyMs: waits.renewEarlyMs,
      clock,
    })
    const publisher = oaPublisher({
      simUrl,
      tokens,
      openPicture,
      onQuota: ({ quota_type: quota, remain, total }) => log.debug({ quota, remain, total }, 'quota of the account'),
      waits,
      clock,
    })
    const opened = { loginNumber: account.loginNumber, tokens, publisher }
    this.#open.set(account.id, opened)
    return opened
  }
}

/** Looks now and then whether tokens are about to end. Returns how to stop. */
export function startOaRenewals(accounts: OfficialAccounts, everyMs: number): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const look = (): void => {
    running = running.then(() => accounts.renewDue()).catch(() => {})
  }
  const timer = setInterval(look, everyMs)
  look()
  return async () => {
    clearInterval(timer)
    await running
  }
}
