import type { Db } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import { type Channel, ChannelError } from './channel.ts'
import type { WatchRoom } from './room.ts'
import { saveWatch, savingWatch, type WatchedPage } from './store.ts'
import { saveTrouble, troubleOf } from './trouble.ts'

/** What stands on the Page, counted: found = known + missed. */
export interface Reading {
  readonly found: number
  /** Of these we had been told. */
  readonly known: number
  /** These come in now, as history. */
  readonly missed: number
  /** Too young to be counted: they may still come by themselves. */
  readonly fresh: number
}

export interface ReadingWindow {
  readonly since: Date
  /** What was written after this is too fresh. */
  readonly until: Date
  readonly posts: number
}

/**
 * Reads what stands on the Page and hands in whatever we were not told of: by the same door as a webhook, in the lane for
 * history, so that it becomes an event once however often it is read. What was read before an error is handed in too.
 */
export async function readHistory(
  room: Pick<WatchRoom, 'db' | 'keeper' | 'isStopping'>,
  accountId: AccountId,
  channel: Channel,
  { since, until, posts }: ReadingWindow,
): Promise<{ reading: Reading; error: ChannelError | null }> {
  let [found, missed, fresh] = [0, 0, 0]
  const count = (): Reading => ({ found, known: found - missed, missed, fresh })
  try {
    for await (const { writings, deliveryOf } of channel.history(since, posts)) {
      const settled = writings.filter(({ writtenAt }) => writtenAt <= until)
      const known = await knownIds(
        room.db,
        accountId,
        settled.map(({ messageId }) => messageId),
      )
      const unheard = settled.filter(({ messageId }) => !known.has(messageId))
      if (unheard.length > 0) {
        const body = deliveryOf(unheard)
        await room.keeper.keep({ platform: 'facebook', accountExternalId: null, lane: 'backfill', body })
      }
      found += settled.length
      missed += unheard.length
      fresh += writings.length - settled.length
      if (room.isStopping?.() === true) throw new ChannelError('broken_off', { do: 'go_on' })
    }
    return { reading: count(), error: null }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return { reading: count(), error }
  }
}

/** Which of these we have as something written; an edit or a removal alone is not the writing itself. */
async function knownIds(db: Db, accountId: AccountId, ids: readonly string[]): Promise<Set<string | null>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('events')
    .select('messageId')
    .where('accountId', '=', accountId)
    .where('messageId', 'in', ids)
    .where('kind', 'in', ['comment', 'visitor_post', 'echo'])
    .execute()
  return new Set(rows.map(({ messageId }) => messageId))
}

/** The watch's own reading: from a little before the last complete one, or from when the Page came to us. */
export async function reconcilePage(room: WatchRoom, page: WatchedPage, channel: Channel): Promise<void> {
  const { db, log, pacing } = room
  const { accountId, externalId, reconciledAt } = page
  const startedAt = room.clock()
  const since = reconciledAt === null ? (page.connectedAt ?? page.createdAt) : plusMs(reconciledAt, -pacing.overlapMs)
  const window = { since, until: plusMs(startedAt, -pacing.freshMs), posts: pacing.posts }
  const { reading, error } = await readHistory(room, accountId, channel, window)
  if (reading.missed > 0)
    log.warn({ page: externalId, ...reading }, 'comments that no webhook told of came in as history')
  const missedInAll = String(BigInt(page.missedInAll) + BigInt(reading.missed))
  // Something was not told: whether the subscription stands is worth a look before the next hour.
  const doubt = reading.missed > 0 ? { subscriptionDueAt: startedAt } : {}
  if (error !== null) {
    const trouble = troubleOf(room, error)
    return saveTrouble(room, page, trouble, (tx) =>
      saveWatch(tx, accountId, {
        missedInAll,
        reconcileProblem: trouble.problem,
        reconcileDueAt: trouble.againAt,
        ...doubt,
      }),
    )
  }
  await savingWatch(db, (tx) =>
    saveWatch(tx, accountId, {
      missedInAll,
      found: reading.found,
      missed: reading.missed,
      reconciledAt: startedAt,
      reconcileProblem: null,
      reconcileDueAt: plusMs(startedAt, reading.missed > 0 ? pacing.againMs : pacing.reconcileEveryMs),
      ...doubt,
    }),
  )
}
