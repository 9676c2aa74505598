import type { Db, Tx } from '../db/client.ts'
import { vietnamDay } from '../lib/clock.ts'

/** Counts things that are not kept: what was it (`name`), why was it not kept (`reason`), how many. */
export async function count(db: Db | Tx, name: string, reasons: ReadonlyMap<string, number>, now: Date): Promise<void> {
  if (reasons.size === 0) return
  await db
    .insertInto('counters')
    .values([...reasons].sort().map(([reason, amount]) => ({ day: vietnamDay(now), name, reason, amount })))
    .onConflict((conflict) =>
      conflict
        .columns(['day', 'name', 'reason'])
        .doUpdateSet((set) => ({ amount: set('counters.amount', '+', set.ref('excluded.amount')) })),
    )
    .execute()
}

/** How often each reason stands in the list. */
export function tally(reasons: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}
