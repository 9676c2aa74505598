import { sql } from 'kysely'
import type { Tx } from '../db/client.ts'
import type { AccountId } from '../lib/ids.ts'
import { lanes } from '../lib/lane.ts'

/** When each account was last heard in a batch. What we went to fetch ourselves proves nothing about its webhooks. */
export class HeardAccounts {
  readonly #latest = new Map<AccountId, Date>()

  add(accountId: AccountId, { lane, receivedAt }: { readonly lane: number; readonly receivedAt: Date }): void {
    if (lane >= lanes.backfill) return
    const known = this.#latest.get(accountId)
    if (known === undefined || known < receivedAt) this.#latest.set(accountId, receivedAt)
  }

  /** Writes it down: one statement a batch, and none where a storm told the same a moment ago. */
  async save(tx: Tx): Promise<void> {
    if (this.#latest.size === 0) return
    await sql`
      with given as (
        select * from unnest(${[...this.#latest.keys()]}::uuid[], ${[...this.#latest.values()]}::timestamptz[])
          as given (id, at)
      ), heard as (
        select given.id, given.at from given join accounts a on a.id = given.id
          where a.last_event_at is null or a.last_event_at < given.at - interval '1 second'
          order by a.id -- two batches must not wait for each other
          for no key update of a
      ), hours as (
        insert into account_hours (account_id, hour) select id, date_trunc('hour', at) from heard order by id
          on conflict do nothing
      )
      update accounts set last_event_at = heard.at from heard where accounts.id = heard.id`.execute(tx)
  }
}
