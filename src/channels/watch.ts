import type { ChatAddress } from '../dispatch/route.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Channel } from './channel.ts'
import { lookAtSilence } from './hush.ts'
import { reconcilePage } from './reconcile.ts'
import type { WatchRoom } from './room.ts'
import { findWatched, type WatchedPage } from './store.ts'
import { lookAtSubscription } from './subscription.ts'
import { tellNews } from './tell.ts'
import { lookAtToken } from './token.ts'

export interface Watcher extends WatchRoom {
  /** The Page with the token it has now. */
  readonly channelOf: (id: AccountId) => Promise<Channel>
  readonly chatAddress: ChatAddress
}

/** Pure. Whether a look at the Page would do anything. */
export function isDue(page: WatchedPage, now: Date): boolean {
  if (page.loginNumber === 0) return false // nobody has connected it yet
  return page.tokenDueAt <= now || (page.state !== 'stopped' && anyDue(page, now)) || hasStopUntold(page)
}

function anyDue(page: WatchedPage, now: Date): boolean {
  return page.silenceDueAt <= now || page.subscriptionDueAt <= now || page.reconcileDueAt <= now
}

function hasStopUntold({ state, stateChangedAt, toldStoppedAt }: WatchedPage): boolean {
  return state === 'stopped' && toldStoppedAt?.getTime() !== stateChangedAt.getTime()
}

/**
 * Does whatever is due for one Page, in an order in which each look may make the next one due at once: silence asks for
 * everything, a repaired subscription for a reading. True when officers are told something.
 */
export async function watchPage(watcher: Watcher, id: AccountId): Promise<boolean> {
  const { db } = watcher
  const page = (): Promise<WatchedPage> => findWatched(db, id)
  const channel = await watcher.channelOf(id)
  const looks: [keyof WatchedPage & `${string}DueAt`, (page: WatchedPage) => Promise<void>][] = [
    ['silenceDueAt', (now) => lookAtSilence(watcher, now)],
    ['tokenDueAt', (now) => lookAtToken(watcher, now, channel)],
    ['subscriptionDueAt', (now) => lookAtSubscription(watcher, now, channel)],
    ['reconcileDueAt', (now) => reconcilePage(watcher, now, channel)],
  ]
  for (const [due, look] of looks) {
    const current = await page()
    // Of a Page that is stopped only the token is worth a call.
    if (current.state === 'stopped' && due !== 'tokenDueAt') continue
    if (current[due] <= watcher.clock()) await look(current)
  }
  return tellNews(watcher, await page(), watcher.chatAddress)
}
