import { sql } from 'kysely'
import { z } from 'zod'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { plusMs, vietnamDay } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import { lanes } from '../lib/lane.ts'
import { frozenAt } from '../publishing/freezes.ts'
import { OutboundMessage } from './outbound.ts'
import { putBack } from './standing.ts'

/** A row this process may now send, alone, until `leaseMs` is over. */
export const Claim = z.object({ message: OutboundMessage, fence: z.string(), attempts: z.int() })
export type Claim = z.infer<typeof Claim>

interface Limits {
  readonly leaseMs: number
  readonly perDay: number
}

/** Nothing that residents could read: it waits neither for the switch nor for the end of a freeze. */
const isQuiet = sql`(o.audience = 'officer' or o.kind in ('delete', 'hide'))`
const isOn = sql`(select is_on from switches where name = 'publishing')`
/** The group it goes to takes no messages of ours: nobody would read them, and they wait until it does. */
const isClosed = sql`(o.place_kind = 'group' and exists (
    select from groups g where g.account_id = o.account_id and g.external_id = o.place_id and g.standing <> 'open'))`
const isFree = sql`(${isQuiet} or (${isOn} and not exists (select from frozen where unit_id = o.unit_id)))`

/**
 * Takes the next due row of the free account that was served longest ago. A stormy account therefore holds up no other.
 * An account is free when no send of it is under way, its gap is over and it is not paused; urgent rows skip the daily
 * cap, never the gap. What goes to a group that is locked, or that the account is out of, waits.
 * While publishing is stopped, only officers' messages are taken, and what takes something from the
 * public's eyes. `able` are the accounts that this process can send from; null: all of them.
 */
export async function claimNext(
  db: Db,
  platform: string,
  now: Date,
  limits: Limits,
  able: readonly AccountId[] | null = null,
): Promise<Claim | null> {
  for (;;) {
    const claim = await transaction<Claim | null | 'put_back'>(
      db,
      (taken) => (taken === null ? null : 'claim-outbox'),
      async (tx): Promise<Claim | null | 'put_back'> => {
        const taken = await take(tx, platform, now, limits, able)
        return taken !== null && (await putBack(tx, taken.message, taken.fence, now)) ? 'put_back' : taken
      },
    )
    if (claim !== 'put_back') return claim
  }
}

async function take(
  tx: Tx,
  platform: string,
  now: Date,
  limits: Limits,
  able: readonly AccountId[] | null,
): Promise<Claim | null> {
  const claimable = sql`
      select o.id from outbox o
      where o.account_id = l.account_id and o.state = 'pending' and o.due_at <= ${now} and ${isFree} and not ${isClosed}
        and (o.lane = ${lanes.urgent} or l.sent_on is distinct from ${vietnamDay(now)}::date or l.sent_today < ${limits.perDay})
      order by o.lane, o.due_at, o.id
      limit 1`
  const found = await sql<Record<string, unknown>>`
      with recursive ${frozenAt(now)},
      free as (
        select l.* from account_lanes l
        where l.platform = ${platform}
          and (${able}::uuid[] is null or l.account_id = any(${able}))
          and l.busy_until <= ${now} and l.next_send_at <= ${now} and l.paused_until <= ${now} and exists (${claimable})
        order by l.last_served
        limit 1
        for update skip locked
      ),
      due as (
        select l.account_id, next.id from free l cross join lateral (${claimable} for update skip locked) next
      ),
      taken as (
        update account_lanes l
        set busy_until = ${plusMs(now, limits.leaseMs)}, fence = l.fence + 1, last_served = clock_timestamp()
        from due where l.account_id = due.account_id
        returning due.id, l.fence
      )
      update outbox o
      set state = 'sending', fence = taken.fence, attempts = o.attempts + 1, claimed_at = ${now},
        first_claimed_at = coalesce(o.first_claimed_at, ${now}), changed_at = ${now}
      from taken where o.id = taken.id
      returning o.id, o.account_id as "accountId", o.case_id as "caseId", o.kind, o.audience, o.address, o.text, o.file_id as "fileId",
        o.target_id as "targetId", o.link, o.first_claimed_at as "claimedAt", o.attempts, o.fence::text as fence`.execute(
    tx,
  )
  const row = found.rows[0]
  return row === undefined ? null : Claim.parse({ message: row, fence: row.fence, attempts: row.attempts })
}

/**
 * When the next row of this platform can be taken; null when nothing waits, or only what a person has to set free, or
 * what an account that is not `able` would send (it is woken when it is). An account that has reached its daily cap goes
 * on at midnight, its urgent rows at once; what residents could read goes on when the freeze of its unit is over.
 */
export async function nextDue(
  db: Db,
  platform: string,
  now: Date,
  perDay: number,
  able: readonly AccountId[] | null = null,
): Promise<Date | null> {
  const found = await sql<{ at: Date | null }>`
    with recursive ${frozenAt(now)}
    select min(greatest(due.at, l.busy_until, l.next_send_at, l.paused_until)) as at
    from account_lanes l
    cross join lateral (
      select greatest(frozen.until, case
          when o.lane = ${lanes.urgent} or l.sent_on is distinct from ${vietnamDay(now)}::date or l.sent_today < ${perDay} then o.due_at
          else (${vietnamDay(now)}::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'
        end) as at
      from outbox o
      left join frozen on frozen.unit_id = o.unit_id and not ${isQuiet}
      where o.account_id = l.account_id and o.state = 'pending' and (${isQuiet} or ${isOn}) and not ${isClosed}
      order by 1
      limit 1
    ) due
    where l.platform = ${platform} and l.paused_until < 'infinity'
      and (${able}::uuid[] is null or l.account_id = any(${able}))`.execute(db)
  return found.rows[0]?.at ?? null
}
