import type { ChatAddress } from '../dispatch/route.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Channel } from './channel.ts'
import { lookAtSilence } from './hush.ts'
import { reconcilePage } from './reconcile.ts'
import type { WatchRoom } from './room.ts'
import { findWatched, saveWatch, savingWatch, type WatchedPage } from './store.ts'
import { lookAtSubscription } from './subscription.ts'
import { tellNews } from './tell.ts'
import { lookAtToken } from './token.ts'

export interface Watcher extends WatchRoom {
  /** The Page with the token it has now. */
  readonly channelOf: (id: AccountId) => Promise<Channel>
  readonly chatAddress: ChatAddress
}

const looks = {
  silence: lookAtSilence,
  token: lookAtToken,
  subscription: lookAtSubscription,
  reconcile: reconcilePage,
} as const satisfies Record<string, (room: WatchRoom, page: WatchedPage, channel: Channel) => Promise<void>>
type Look = keyof typeof looks
const names: readonly Look[] = ['silence', 'token', 'subscription', 'reconcile']

/** Pure. Whether a look at the Page would do anything. */
export function isDue(page: WatchedPage, now: Date): boolean {
  if (page.loginNumber === 0) return false // nobody has connected it yet
  return isStopNewTo(page, page.stopSeenAt) || isStopNewTo(page, page.toldStoppedAt) || anyDue(page, now)
}

function anyDue(page: WatchedPage, now: Date): boolean {
  return names.some((what) => isLookDue(page, what, now))
}

/** Of a Page that is stopped only the token is worth a call. */
function isLookDue(page: WatchedPage, what: Look, now: Date): boolean {
  return (page.state !== 'stopped' || what === 'token') && page[`${what}DueAt`] <= now
}

/** The Page is stopped, and not since the moment that somebody has dealt with already. */
function isStopNewTo({ state, stateChangedAt }: WatchedPage, dealtWith: Date | null): boolean {
  return state === 'stopped' && dealtWith?.getTime() !== stateChangedAt.getTime()
}

/**
 * Does whatever is due for one Page, in an order in which each look may make the next one due at once: silence asks for
 * everything, a repaired subscription for a reading. True when officers are told something.
 */
export async function watchPage(watcher: Watcher, id: AccountId): Promise<boolean> {
  const { db } = watcher
  const page = (): Promise<WatchedPage> => findWatched(db, id)
  const channel = await watcher.channelOf(id)
  const before = await page()
  if (isStopNewTo(before, before.stopSeenAt)) {
    // A send was told so: is the token dead, or was only that one thing forbidden?
    await savingWatch(db, (tx) => saveWatch(tx, id, { stopSeenAt: before.stateChangedAt, tokenDueAt: watcher.clock() }))
  }
  for (const what of names) {
    const now = await page()
    if (isLookDue(now, what, watcher.clock())) await looks[what](watcher, now, channel)
  }
  return tellNews(watcher, await page(), watcher.chatAddress)
}
