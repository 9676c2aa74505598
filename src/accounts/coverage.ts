import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Account } from './store.ts'

/** How far back Zalo gives old messages, by all that is known. */
const REACH_MS = 14 * 86_400_000

type Heard = Pick<Account, 'id' | 'loginNumber'>

/**
 * The connection is up since `at`: the gap before it ends. Where nobody wrote down its beginning, because the process
 * died, it began when the account was last surely heard. False when the lease is another process's by now.
 */
export async function beginHearing(db: Db, { id, loginNumber }: Heard, owner: string, at: Date): Promise<boolean> {
  return savingCoverage(db, id, owner, async (tx, { heardUntil, heardLogin }) => {
    const ended = await tx
      .updateTable('accountGaps')
      .set({ endedAt: at })
      .where('accountId', '=', id)
      .where('endedAt', 'is', null)
      .returning('id')
      .execute()
    if (ended.length === 0 && heardUntil !== null && heardUntil < at) {
      const gap = { beganAt: heardUntil, endedAt: at, reason: 'process_gone', loginNumber: heardLogin ?? loginNumber }
      await tx
        .insertInto('accountGaps')
        .values({ accountId: id, ...gap })
        .execute()
    }
    await giveUp(tx, { id, loginNumber }, at)
    await tx.updateTable('accounts').set({ heardUntil: at, heardLogin: loginNumber }).where('id', '=', id).execute()
  })
}

/** Nothing was heard since `since`: a gap begins. */
export async function endHearing(
  db: Db,
  { id, loginNumber }: Heard,
  owner: string,
  { since, reason }: { readonly since: Date; readonly reason: string },
): Promise<boolean> {
  return savingCoverage(db, id, owner, async (tx) => {
    await tx
      .insertInto('accountGaps')
      .values({ accountId: id, beganAt: since, reason, loginNumber })
      .onConflict((conflict) => conflict.column('accountId').where('endedAt', 'is', null).doNothing())
      .execute()
    await tx.updateTable('accounts').set({ heardUntil: since }).where('id', '=', id).execute()
  })
}

/** What this login had missed when it was asked at `requestedAt` is kept now. */
export async function closeGaps(db: Db, { id, loginNumber }: Heard, requestedAt: Date, now: Date): Promise<void> {
  await db
    .updateTable('accountGaps')
    .set({ caughtUpAt: now })
    .where('accountId', '=', id)
    .where('loginNumber', '=', loginNumber)
    .where('endedAt', '<=', requestedAt)
    .where('caughtUpAt', 'is', null)
    .where('lostBecause', 'is', null)
    .execute()
}

export type GapEnd = 'lasts' | 'caught_up' | 'waiting' | 'new_login' | 'too_long'

export interface Gap {
  readonly accountId: AccountId
  readonly account: string
  readonly name: string
  readonly beganAt: Date
  readonly endedAt: Date | null
  readonly reason: string
  readonly became: GapEnd
}

/**
 * When which account heard nothing since `from`, and whether that was read later, in order of time. Without those that
 * were read and took less than `leastMs`: some connections break every minute.
 */
export async function gapsSince(db: Db, from: Date, leastMs = 0): Promise<Gap[]> {
  const gaps = await db
    .selectFrom('accountGaps')
    .innerJoin('accounts', 'accounts.id', 'accountGaps.accountId')
    .select(['accountId', 'accounts.externalId as account', 'accounts.name', 'beganAt', 'endedAt', 'reason'])
    .select(['accountGaps.caughtUpAt', 'lostBecause'])
    .where((where) => where.or([where('endedAt', 'is', null), where('endedAt', '>=', from)]))
    .where((where) => where.not(where.and([where('accountGaps.caughtUpAt', 'is not', null), shorterThan(leastMs)])))
    .orderBy('accounts.externalId')
    .orderBy('beganAt')
    .execute()
  return gaps.map(({ caughtUpAt, lostBecause, ...gap }) => ({
    ...gap,
    became: endOf({ ...gap, caughtUpAt, lostBecause }),
  }))
}

/** How many of those each account had. */
export async function shortGaps(
  db: Db,
  from: Date,
  leastMs: number,
): Promise<{ account: string; name: string; count: number }[]> {
  const counted = await db
    .selectFrom('accountGaps')
    .innerJoin('accounts', 'accounts.id', 'accountGaps.accountId')
    .select((select) => ['accounts.externalId as account', 'accounts.name', select.fn.countAll<string>().as('count')])
    .where('endedAt', '>=', from)
    .where('accountGaps.caughtUpAt', 'is not', null)
    .where(shorterThan(leastMs))
    .groupBy(['accounts.externalId', 'accounts.name'])
    .orderBy('accounts.externalId')
    .execute()
  return counted.map(({ count, ...of }) => ({ ...of, count: Number(count) }))
}

function shorterThan(ms: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`ended_at - began_at < ${ms} * interval '1 millisecond'`
}

/** How many gaps each account had, by what became of them. */
export async function countGaps(db: Db): Promise<{ account: string; became: GapEnd; count: number }[]> {
  const counted = await sql<{ account: string; became: GapEnd; count: number }>`
    select a.external_id as account, count(*)::int as count,
      case when g.lost_because is not null then g.lost_because when g.caught_up_at is not null then 'caught_up'
        when g.ended_at is null then 'lasts' else 'waiting' end as became
    from account_gaps g join accounts a on a.id = g.account_id group by 1, 3`.execute(db)
  return counted.rows
}

function endOf(gap: { endedAt: Date | null; caughtUpAt: Date | null; lostBecause: string | null }): GapEnd {
  if (gap.lostBecause === 'new_login' || gap.lostBecause === 'too_long') return gap.lostBecause
  if (gap.endedAt === null) return 'lasts'
  return gap.caughtUpAt === null ? 'waiting' : 'caught_up'
}

/** Zalo gives a login only what came since it was made, and of that about two weeks. */
async function giveUp(tx: Tx, { id, loginNumber }: Heard, at: Date): Promise<void> {
  const open = tx
    .updateTable('accountGaps')
    .where('accountId', '=', id)
    .where('caughtUpAt', 'is', null)
    .where('lostBecause', 'is', null)
  await open.set({ lostBecause: 'new_login' }).where('loginNumber', '<', loginNumber).execute()
  await open.set({ lostBecause: 'too_long' }).where('beganAt', '<', plusMs(at, -REACH_MS)).execute()
}

/** Only the lease's owner may say what was heard: an older one may wake up and believe that it still listens. */
async function savingCoverage(
  db: Db,
  id: AccountId,
  owner: string,
  work: (tx: Tx, before: { heardUntil: Date | null; heardLogin: number | null }) => Promise<void>,
): Promise<boolean> {
  return transaction(
    db,
    (isOurs) => (isOurs ? 'save-coverage' : null),
    async (tx) => {
      const before = await tx
        .selectFrom('accounts')
        .select(['heardUntil', 'heardLogin'])
        .where('id', '=', id)
        .where('listener', '=', owner)
        .forUpdate()
        .executeTakeFirst()
      if (before === undefined) return false
      await work(tx, before)
      return true
    },
  )
}
