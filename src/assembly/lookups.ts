import type { Config } from '../../config/load.ts'
import { getAccount, openSecret } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { Lookup } from '../intake/lookup.ts'
import type { AccountId } from '../lib/ids.ts'
import type { KeyRing } from '../lib/secrets.ts'

export interface LookupRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly facebook: Config['facebook']
  readonly callTimeoutMs: number
}

/** Finds how an account's platform is asked for what a webhook left out; null where it cannot be asked. */
export function createLookups({
  db,
  keyRing,
  facebook,
  callTimeoutMs,
}: LookupRoom): (id: AccountId) => Promise<Lookup | null> {
  return async (id) => {
    const { platform } = await getAccount(db, id)
    if (platform !== 'facebook' || facebook === null) return null
    const { facebookLookup } = await import('../../bots/facebook/lookup.ts')
    return facebookLookup({
      token: await openSecret(db, keyRing, id),
      appSecret: facebook.appSecrets[0],
      graphUrl: facebook.graphUrl,
      version: facebook.graphVersion,
      timeoutMs: callTimeoutMs,
      tokenIn: 'header',
    })
  }
}
