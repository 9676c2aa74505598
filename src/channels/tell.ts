import { randomUUID } from 'node:crypto'
import { getAccount } from '../accounts/store.ts'
import type { Tx } from '../db/client.ts'
import { type WorkChat, workChats } from '../dispatch/recipients.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId, UnitId } from '../lib/ids.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import { pageNews } from '../texts/page-news.ts'
import { listUnits } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import type { Duty } from '../units/unit.ts'
import type { WatchRoom } from './room.ts'
import { findWatched, saveWatch, savingWatch, type WatchedPage } from './store.ts'

/** A change of which the officers have to know, and what is written down once they were told. */
interface News {
  readonly text: string
  readonly told: Parameters<typeof saveWatch>[2]
}

/** Tells the officers of the Page's unit what has changed about it, each change once. True when something was queued. */
export async function tellNews(room: WatchRoom, page: WatchedPage, chatAddress: ChatAddress): Promise<boolean> {
  const { db, clock, log, pacing } = room
  if (newsOf(page, clock(), pacing.expiryNoticeMs).length === 0) return false
  return savingWatch(db, async (tx) => {
    const now = clock()
    const current = await findWatched(tx, page.accountId)
    let isTold = false
    for (const { text, told } of newsOf(current, now, pacing.expiryNoticeMs)) {
      const isReached = await tellUnit(tx, page.unitId, text, chatAddress, now)
      if (isReached) await saveWatch(tx, page.accountId, told)
      else log.error({ page: page.externalId }, 'nobody can be told about this Page')
      isTold ||= isReached
    }
    return isTold
  })
}

/** Pure. */
function newsOf(page: WatchedPage, now: Date, expiryNoticeMs: number): News[] {
  const { name, state, stateReason, stateChangedAt, silentSince, tokenExpiresAt } = page
  const news: News[] = []
  const isStopped = state === 'stopped'
  if (isStopped && !isSame(page.toldStoppedAt, stateChangedAt)) {
    news.push({ text: pageNews.stopped(name, stateReason), told: { toldStoppedAt: stateChangedAt } })
  }
  if (state === 'connected' && page.toldStoppedAt !== null) {
    news.push({ text: pageNews.restored(name), told: { toldStoppedAt: null } })
  }
  if (!isStopped && silentSince !== null && !isSame(page.toldSilentSince, silentSince)) {
    const text = pageNews.silent(name, silentSince, page.reconcileProblem === null ? page.missed : null)
    news.push({ text, told: { toldSilentSince: silentSince } })
  }
  const { pausedUntil, pauseReason } = page
  if (!isStopped && pausedUntil !== null && isNewPause(page, now)) {
    const text = pageNews.paused(name, pausedUntil, pauseReason === 'blocked')
    news.push({ text, told: { toldPausedUntil: pausedUntil } })
  }
  const ends = tokenExpiresAt !== null && tokenExpiresAt <= plusMs(now, expiryNoticeMs)
  if (!isStopped && ends && !isSame(page.toldExpiryAt, tokenExpiresAt)) {
    news.push({ text: pageNews.tokenEnds(name, tokenExpiresAt), told: { toldExpiryAt: tokenExpiresAt } })
  }
  return news
}

/** A pause that is over in a moment, or goes on for a little longer than was told, is no news. */
function isNewPause({ pausedUntil, toldPausedUntil }: WatchedPage, now: Date): boolean {
  if (pausedUntil === null || pausedUntil < plusMs(now, minute)) return false
  return toldPausedUntil === null || pausedUntil > plusMs(toldPausedUntil, 60 * minute)
}

const minute = 60_000

function isSame(a: Date | null, b: Date): boolean {
  return a?.getTime() === b.getTime()
}

/**
 * Those on duty in the unit, or in the nearest one above it where somebody can be reached, by no way of `notBy`; with
 * `admins` also those who administer it, likewise. True when somebody is told.
 */
export async function tellUnit(
  tx: Tx,
  of: UnitId,
  text: string,
  chatAddress: ChatAddress,
  now: Date,
  { notBy = null, admins = false }: { readonly notBy?: AccountId | null; readonly admins?: boolean } = {},
): Promise<boolean> {
  const originId = randomUUID()
  const told = new Set<string>()
  for (const duty of admins ? (['answers', 'administers'] as const) : (['answers'] as const)) {
    for (const { unitId, accountId, place } of await nearestChats(tx, of, duty, now, notBy)) {
      const chat = `${accountId} ${place.kind} ${place.id}`
      if (told.has(chat)) continue // whoever answers may administer as well
      told.add(chat)
      const { platform } = await getAccount(tx, accountId)
      const address = chatAddress(platform, place)
      const notice = { accountId, unitId, caseId: null, originId, address, place, text } as const
      await queueForOfficer(tx, { ...notice, kind: 'notice', lane: 'live' }, now)
    }
  }
  return told.size > 0
}

async function nearestChats(
  tx: Tx,
  of: UnitId,
  duty: Duty,
  now: Date,
  notBy: AccountId | null,
): Promise<(WorkChat & { readonly unitId: UnitId })[]> {
  for (const { id: unitId } of lineage(await listUnits(tx), of)) {
    const chats = await workChats(tx, unitId, duty, true, now, { notBy })
    if (chats.length > 0) return chats.map((chat) => ({ ...chat, unitId }))
  }
  return []
}
