import { sql } from 'kysely'
import type { Db } from '../db/client.ts'
import type { AccountId, EventId } from '../lib/ids.ts'
import type { NewEvent } from './record.ts'

/** So many waiting events of one account are looked at among everybody else's; what comes on top stands behind them. */
const CROWD = 20

/**
 * Which of these new events have to let the other accounts pass: a thousand comments under one post must not keep the
 * first question on another Page waiting.
 */
export async function findCrowded(db: Db, events: readonly NewEvent[]): Promise<ReadonlySet<EventId>> {
  if (events.length === 0) return new Set()
  const accounts = [...new Set(events.map(({ accountId }) => accountId))]
  const { rows } = await sql<{ accountId: AccountId; amount: number }>`
    select account_id as "accountId", count(*)::int as amount from events
    where closed_at is null and account_id = any(${accounts}::uuid[]) group by account_id`.execute(db)
  return crowdedOf(events, new Map(rows.map(({ accountId, amount }) => [accountId, amount])))
}

/** Pure. `waiting` counts all that waits of an account, these events among them. */
export function crowdedOf(events: readonly NewEvent[], waiting: ReadonlyMap<AccountId, number>): ReadonlySet<EventId> {
  const ahead = new Map<AccountId, number>()
  for (const { accountId } of events) ahead.set(accountId, (ahead.get(accountId) ?? waiting.get(accountId) ?? 0) - 1)
  const crowded = new Set<EventId>()
  for (const { id, accountId } of events) {
    const before = ahead.get(accountId) ?? 0
    if (before >= CROWD) crowded.add(id)
    ahead.set(accountId, before + 1)
  }
  return crowded
}
