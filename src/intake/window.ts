import { getAccount } from '../accounts/store.ts'
import type { Db, Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import { Platform } from './event.ts'

const hour = 3_600_000

interface Rule {
  /** How long after a person's last action we may write to them 1:1. */
  readonly openMs: number
  /** For so long of that it costs nothing; null: it never costs anything. */
  readonly freeMs: number | null
  /** So long before the end whoever has the question is reminded. */
  readonly remindMs: number
}

/** Where a platform limits writing to people 1:1. Its rules, not our pace. */
const rules: Partial<Record<Platform, Rule>> = {
  facebook: { openMs: 24 * hour, freeMs: null, remindMs: 6 * hour },
  zalo_oa: { openMs: 7 * 24 * hour, freeMs: 48 * hour, remindMs: 24 * hour },
}

/** Who wrote longer ago than this can be reached nowhere. */
export const longestWindowMs = Math.max(...Object.values(rules).map(({ openMs }) => openMs))

/** The time in which we may write to a person. */
export interface Window {
  readonly end: Date
  /** From then on a message costs money; null: it never does. */
  readonly freeUntil: Date | null
  readonly remindMs: number
}

/** Pure. Until when we may write to the person who was last heard then; null: as long as we like. */
export function windowEnd(platform: Platform, lastAction: Date): Date | null {
  return windowOf(platform, lastAction)?.end ?? null
}

function windowOf(platform: Platform, lastAction: Date): Window | null {
  const rule = rules[platform]
  if (rule === undefined) return null
  const { openMs, freeMs, remindMs } = rule
  const freeUntil = freeMs === null ? null : plusMs(lastAction, freeMs)
  return { end: plusMs(lastAction, openMs), freeUntil, remindMs }
}

/** Until when we may write in this 1:1 chat; null: as long as we like, or the person was never heard there. */
export async function windowEndIn(db: Db | Tx, accountId: AccountId, placeId: string): Promise<Date | null> {
  return (await windowIn(db, accountId, placeId))?.end ?? null
}

/** The same with what else the platform says about that time. */
export async function windowIn(db: Db | Tx, accountId: AccountId, placeId: string): Promise<Window | null> {
  const { at } = await db
    .selectFrom('events')
    .select((select) => select.fn.max('occurredAt').as('at'))
    .where('accountId', '=', accountId)
    .where('placeKind', '=', 'direct')
    .where('placeId', '=', placeId)
    .where('kind', 'in', ['message', 'postback']) // what the person did; to read something opens nothing
    .executeTakeFirstOrThrow()
  if (at === null || at === undefined) return null
  return windowOf(Platform.parse((await getAccount(db, accountId)).platform), at)
}
