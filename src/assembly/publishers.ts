import type { FacebookWaits } from '../../bots/facebook/publish-error.ts'
import type { Config } from '../../config/load.ts'
import { type Account, getAccount, openSecret } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { OpenPicture, Publisher } from '../outbox/publisher.ts'

export interface PublisherRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly facebook: Config['facebook']
  readonly callTimeoutMs: number
  readonly openPicture: OpenPicture
  readonly facebookWaits: FacebookWaits
  /** An open Zalo account of this process; null while it is not connected, or lives in another process. */
  readonly zaloPublisher: (id: AccountId) => Publisher | null
  /** Null while nobody has connected the bot. */
  readonly botPublisher: (account: Account) => Promise<Publisher | null>
  /** Null while nobody has connected the Official Account. */
  readonly oaPublisher: (account: Account) => Promise<Publisher | null>
}

/** Finds the publisher of an account. A Page's is kept while its token stays the same. */
export function createPublishers(room: PublisherRoom): (id: AccountId) => Promise<Publisher | null> {
  const pages = new Map<AccountId, { token: string; publisher: Publisher }>()
  return async (id) => {
    const account = await getAccount(room.db, id)
    if (account.platform === 'zalo') return room.zaloPublisher(id)
    if (account.platform === 'zalo_bot') return room.botPublisher(account)
    if (account.platform === 'zalo_oa') return room.oaPublisher(account)
    if (room.facebook === null) return null
    const token = await openSecret(room.db, room.keyRing, id)
    const known = pages.get(id)
    if (known?.token === token) return known.publisher
    const publisher = await openPage(room, room.facebook, account.externalId, token)
    pages.set(id, { token, publisher })
    return publisher
  }
}

async function openPage(
  { clock, callTimeoutMs, openPicture, facebookWaits: waits }: PublisherRoom,
  facebook: NonNullable<Config['facebook']>,
  pageId: string,
  token: string,
): Promise<Publisher> {
  // The SDK weighs half a second and 30 MB: it is loaded when the first Page has something to send.
  const { facebookPublisher } = await import('../../bots/facebook/publisher.ts')
  const [appSecret] = facebook.appSecrets
  return facebookPublisher({
    account: { pageId, token },
    appSecret,
    graphUrl: facebook.graphUrl,
    version: facebook.graphVersion,
    timeoutMs: callTimeoutMs,
    clock,
    openPicture,
    waits,
  })
}
