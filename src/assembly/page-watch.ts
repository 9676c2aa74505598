import { beginWatching, forgetOldHours, type WatchedPage, watchedPages } from '../channels/store.ts'
import { isDue, type Watcher, watchPage } from '../channels/watch.ts'
import { advisoryLocks } from '../db/advisory-lock.ts'
import type { Connection } from '../db/client.ts'
import { exclusively } from '../db/exclusively.ts'

export interface PageWatchRoom extends Watcher {
  readonly connection: Connection
  readonly tickMs: number
  /** Officers have something to read. */
  readonly onTold: () => void
}

/** Pages looked after at the same time: one whose calls all run into their timeouts must not hold up the others. */
const PAGES_AT_ONCE = 4

/** Looks after our Pages for as long as this process runs. Returns how to stop. */
export function startPageWatch(room: PageWatchRoom): () => Promise<void> {
  let isStopping = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  // The first look waits as well: nothing of this belongs to the first second of a program.
  const plan = (): void => {
    timer = setTimeout(() => {
      running = watchPages({ ...room, isStopping: () => isStopping })
        .catch((error: unknown) => room.log.error({ err: error }, 'the Pages could not be looked after'))
        .finally(() => {
          if (!isStopping) plan()
        })
    }, room.tickMs)
  }
  plan()
  return async () => {
    isStopping = true
    clearTimeout(timer)
    await running
  }
}

/** Does whatever is due for any Page, unless another process is at it. */
export async function watchPages(room: PageWatchRoom): Promise<void> {
  const { db, connection, isStopping = () => false } = room
  await beginWatching(db)
  if ((await duePages(room)).length === 0) return
  await exclusively(connection, advisoryLocks.pageWatch, async () => {
    const due = await duePages(room)
    const isDaily = due.some(({ tokenDueAt }) => tokenDueAt <= room.clock())
    if (isDaily) await forgetOldHours(db)
    const serve = async (): Promise<void> => {
      for (let page = due.shift(); page !== undefined && !isStopping(); page = due.shift()) await look(room, page)
    }
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, serve))
  })
}

async function duePages({ db, clock }: PageWatchRoom): Promise<WatchedPage[]> {
  return (await watchedPages(db)).filter((page) => isDue(page, clock()))
}

/** What is wrong with one Page costs the others nothing. */
async function look(room: PageWatchRoom, { accountId, externalId }: WatchedPage): Promise<void> {
  try {
    if (await watchPage(room, accountId)) room.onTold()
  } catch (error) {
    room.log.error({ err: error, page: externalId }, 'a Page could not be looked after')
  }
}
