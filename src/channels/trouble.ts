import type { Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import { ChannelError } from './channel.ts'
import type { WatchRoom } from './room.ts'
import { saveWatch, savingWatch, stopPage, type WatchedPage } from './store.ts'

/** Only these stop a Page: a permission that one reading lacks does not keep it from answering. */
const stops = new Set(['token', 'app_setup', 'page_migrated'])

export interface Trouble {
  /** What is written down, e.g. "190/463". */
  readonly problem: string
  /** When it makes sense to ask again. */
  readonly againAt: Date
  /** Why the Page is stopped, or null. */
  readonly stop: string | null
}

/** What a failed look means. Anything but the platform's own refusal is ours, and is thrown on. */
export function troubleOf({ clock, pacing }: WatchRoom, error: unknown): Trouble {
  if (!(error instanceof ChannelError)) throw error
  const { advice, platformCode } = error
  const now = clock()
  const againAt = advice.do === 'wait' ? new Date(advice.untilMs) : plusMs(now, pacing.againMs)
  const stop = advice.do === 'stop' && stops.has(advice.reason) ? advice.reason : null
  return { problem: platformCode, againAt, stop }
}

/** Writes down that a look failed; where that says that the token is dead, the Page stops and its token is looked at. */
export async function saveTrouble(
  room: WatchRoom,
  { accountId, externalId }: WatchedPage,
  trouble: Trouble,
  save: (tx: Tx) => Promise<void>,
): Promise<void> {
  const now = room.clock()
  room.log.warn({ page: externalId, problem: trouble.problem, stop: trouble.stop }, 'a Page could not be looked at')
  await savingWatch(room.db, async (tx) => {
    await save(tx)
    if (trouble.stop === null) return
    await stopPage(tx, accountId, trouble.stop, now)
    await saveWatch(tx, accountId, { tokenDueAt: now })
  })
}
