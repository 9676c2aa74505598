import { plusMs } from '../lib/clock.ts'
import type { WatchRoom } from './room.ts'
import { silence } from './silence.ts'
import { heardHours, saveWatch, savingWatch, type WatchedPage } from './store.ts'

/** Looks whether the Page is silent for longer than is usual. When that begins, everything about it is looked at at once. */
export async function lookAtSilence(room: WatchRoom, page: WatchedPage): Promise<void> {
  const { db, log, pacing } = room
  const { accountId, externalId, lastEventAt, silentSince } = page
  const now = room.clock()
  const hours = lastEventAt === null ? [] : await heardHours(db, accountId, lastEventAt)
  const found = silence(now, lastEventAt, hours)
  const since = found.is === 'silent' ? found.since : null
  const isNew = since !== null && silentSince?.getTime() !== since.getTime()
  await savingWatch(db, (tx) =>
    saveWatch(tx, accountId, {
      silentSince: since,
      silenceDueAt: plusMs(now, pacing.silenceEveryMs),
      ...(isNew ? { tokenDueAt: now, subscriptionDueAt: now, reconcileDueAt: now } : {}),
    }),
  )
  if (isNew) log.error({ page: externalId, since }, 'a Page is silent for longer than is usual')
  if (since === null && silentSince !== null) log.info({ page: externalId }, 'a Page is heard again')
}
