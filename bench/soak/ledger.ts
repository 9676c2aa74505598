import { sql } from 'kysely'
import type { Db } from '../../src/db/client.ts'
import type { Ledger, LedgerCase, LedgerEvent, LedgerMessage } from './facts.ts'

/** Everything the product has written down, for `compare`. */
export async function readLedger(db: Db): Promise<Ledger> {
  const events = await sql<LedgerEvent>`
    select a.platform, a.external_id as account, e.message_id as "messageId", e.outcome, m.case_id as "caseId"
    from events e join accounts a on a.id = e.account_id left join case_messages m on m.event_id = e.id
    where e.kind in ('comment', 'visitor_post', 'message')`.execute(db)
  const unread = await sql<{ body: Buffer }>`select body from deliveries where state <> 'normalised'`.execute(db)
  const cases = await sql<LedgerCase>`
    select c.id, c.code, c.status, c.confidentiality, c.origin_event_id as "originEvent",
      array(select e.text from case_messages m join events e on e.id = m.event_id
        where m.case_id = c.id and e.text is not null) as texts
    from cases c`.execute(db)
  const outbox = await sql<LedgerMessage>`
    select o.id, a.platform, a.external_id as account, o.case_id as "caseId", o.kind, o.audience, o.state,
      o.message_id as "messageId", o.target_id as "targetId", o.text
    from outbox o join accounts a on a.id = o.account_id`.execute(db)
  return {
    events: events.rows,
    unread: unread.rows.map(({ body }) => body.toString('utf8')),
    cases: cases.rows,
    outbox: outbox.rows,
  }
}

/** What still moves by itself, by name; empty once everything has come to rest. What a stopped publishing holds rests. */
export async function underway(db: Db): Promise<string[]> {
  const found = await sql<{ what: string; amount: number }>`
    select * from (
      select 'deliveries unread' as what, count(*)::int as amount from deliveries where state = 'received'
      union all select 'events untriaged', count(*)::int from events where closed_at is null
      union all select 'files wanted', count(*)::int from files where state = 'wanted'
      union all select 'cases unrouted', count(*)::int from cases where status = 'received'
      union all select 'messages ' || state, count(*)::int from outbox
        where state in ('sending', 'unknown') or (state = 'sent' and next_look_at is not null)
          or (state = 'pending' and (audience = 'officer' or (select is_on from switches where name = 'publishing')))
        group by state
      union all select 'accounts sending', count(*)::int from account_lanes where busy_until > now()
    ) counted where amount > 0`.execute(db)
  return found.rows.map(({ what, amount }) => `${amount} ${what}`)
}

/** How many events and cases stand where, e.g. "2 cases published", for whoever has to explain a run. */
export async function standing(db: Db): Promise<string[]> {
  const found = await sql<{ what: string; amount: number }>`
    select 'events ' || kind || ' ' || coalesce(outcome, 'untriaged') as what, count(*)::int as amount
      from events group by 1
    union all select 'cases ' || status, count(*)::int from cases group by 1
    union all select 'messages ' || kind || ' ' || state, count(*)::int from outbox group by 1
    order by 1`.execute(db)
  return found.rows.map(({ what, amount }) => `${amount} ${what}`)
}
