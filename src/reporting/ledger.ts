import { sql } from 'kysely'
import type { Db } from '../db/client.ts'

export interface LedgerRow {
  readonly platform: string
  /** "delivery normalised", "event opened_case", "case published" … */
  readonly what: string
  readonly amount: number
}

/**
 * Everything that was received since `from` and what became of it. Accounted for is what has an end or waits in a named
 * state; what is left over is the number that must be 0: a delivery that cannot be read, an event whose case is missing.
 */
export async function ledger(db: Db, from: Date): Promise<{ rows: LedgerRow[]; unaccounted: number }> {
  const found = await sql<LedgerRow>`
    select platform, 'delivery ' || state as what, count(*)::int as amount
      from deliveries where received_at >= ${from} group by 1, 2
    union all
    select a.platform, 'event ' || coalesce(e.outcome, 'waiting'), count(*)::int
      from events e join accounts a on a.id = e.account_id where e.recorded_at >= ${from} group by 1, 2
    union all
    select a.platform, 'case ' || c.status || case c.confidentiality when 'restricted' then ' (restricted)' else '' end, count(*)::int
      from cases c join accounts a on a.id = c.account_id where c.opened_at >= ${from} group by 1, 2
    union all
    select a.platform, 'message ' || o.audience || ' ' || o.state, count(*)::int
      from outbox o join accounts a on a.id = o.account_id where o.created_at >= ${from} group by 1, 2
    order by 1, 2`.execute(db)
  const missing = await sql<{ amount: number }>`
    select (
      (select count(*) from deliveries where received_at >= ${from} and state = 'failed') +
      (select count(*) from events e where e.recorded_at >= ${from} and e.outcome in ('opened_case', 'joined_case')
        and not exists (select from case_messages m where m.event_id = e.id))
    )::int as amount`.execute(db)
  return { rows: found.rows, unaccounted: missing.rows[0]?.amount ?? 0 }
}
