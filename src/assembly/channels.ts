import type { Config } from '../../config/load.ts'
import { getAccount, openSecret } from '../accounts/store.ts'
import type { Channel } from '../channels/channel.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import type { KeyRing } from '../lib/secrets.ts'

export interface ChannelRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly facebook: NonNullable<Config['facebook']>
  readonly callTimeoutMs: number
}

/** A Page with the token that it has at this moment. */
export async function openChannel(room: ChannelRoom, id: AccountId): Promise<Channel> {
  const { externalId: pageId } = await getAccount(room.db, id)
  const token = await openSecret(room.db, room.keyRing, id)
  const { facebookChannel } = await import('../../bots/facebook/channel.ts')
  return facebookChannel({ ...facebookApp(room), page: { pageId, token } })
}

/** How our app on Facebook is asked; its first secret proves every call, the others only open what is signed with them. */
export function facebookApp({ facebook, callTimeoutMs, clock }: Omit<ChannelRoom, 'db' | 'keyRing'>): {
  appId: string
  appSecret: string
  graphUrl: string
  version: string
  timeoutMs: number
  clock: Clock
} {
  const { appId, appSecrets, graphUrl, graphVersion: version } = facebook
  return { appId, appSecret: appSecrets[0], graphUrl, version, timeoutMs: callTimeoutMs, clock }
}
