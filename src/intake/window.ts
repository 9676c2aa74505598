import { getAccount } from '../accounts/store.ts'
import type { Db, Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import { Platform } from './event.ts'

const hour = 3_600_000

/** How long after a person's last action we may write to them 1:1, where a platform limits that. Its rule, not our pace. */
const openForMs: Partial<Record<Platform, number>> = {
  facebook: 24 * hour,
  // Of these only the first 48 hours are free of charge.
  zalo_oa: 7 * 24 * hour,
}

/** Who wrote longer ago than this can be reached nowhere. */
export const longestWindowMs = Math.max(...Object.values(openForMs))

/** Pure. Until when we may write to the person who was last heard then; null: as long as we like. */
export function windowEnd(platform: Platform, lastAction: Date): Date | null {
  const openMs = openForMs[platform]
  return openMs === undefined ? null : plusMs(lastAction, openMs)
}

/** Until when we may write in this 1:1 chat; null: as long as we like, or the person was never heard there. */
export async function windowEndIn(db: Db | Tx, accountId: AccountId, placeId: string): Promise<Date | null> {
  const { at } = await db
    .selectFrom('events')
    .select((select) => select.fn.max('occurredAt').as('at'))
    .where('accountId', '=', accountId)
    .where('placeKind', '=', 'direct')
    .where('placeId', '=', placeId)
    .where('kind', 'in', ['message', 'postback']) // what the person did; to read something opens nothing
    .executeTakeFirstOrThrow()
  if (at === null || at === undefined) return null
  return windowEnd(Platform.parse((await getAccount(db, accountId)).platform), at)
}
