import { plusMs } from '../lib/clock.ts'
import type { Channel } from './channel.ts'
import type { WatchRoom } from './room.ts'
import { saveWatch, savingWatch, type WatchedPage } from './store.ts'
import { saveTrouble, troubleOf } from './trouble.ts'

/**
 * Looks whether Facebook still tells us of the Page, and switches it on again where not: after an hour of failed webhooks
 * it stops without a word. What was written meanwhile is then read at once.
 */
export async function lookAtSubscription(room: WatchRoom, page: WatchedPage, channel: Channel): Promise<void> {
  const { db, log, pacing } = room
  const { accountId, externalId, repairs } = page
  try {
    const missing = await channel.missingFields()
    if (missing.length > 0) await channel.subscribe()
    const left = missing.length === 0 ? [] : await channel.missingFields()
    const now = room.clock()
    const isRepaired = missing.length > 0 && left.length === 0
    await savingWatch(db, (tx) =>
      saveWatch(tx, accountId, {
        subscriptionCheckedAt: now,
        subscriptionDueAt: plusMs(now, left.length === 0 ? pacing.subscriptionEveryMs : pacing.againMs),
        subscriptionProblem: left.length === 0 ? null : `missing ${left.join(', ')}`,
        ...(isRepaired ? { repairs: repairs + 1, repairedAt: now, reconcileDueAt: now } : {}),
      }),
    )
    if (isRepaired) log.warn({ page: externalId, missing }, 'a Page had been unsubscribed and was subscribed again')
    if (left.length > 0) log.error({ page: externalId, missing: left }, 'a Page cannot be subscribed')
  } catch (error) {
    const trouble = troubleOf(room, error)
    await saveTrouble(room, page, trouble, (tx) =>
      saveWatch(tx, accountId, { subscriptionProblem: trouble.problem, subscriptionDueAt: trouble.againAt }),
    )
  }
}
