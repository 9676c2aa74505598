import { type Selectable, sql, type Updateable } from 'kysely'
import { type Db, type Tx, transaction } from '../db/client.ts'
import type { PageWatch } from '../db/schema.generated.ts'
import type { AccountId, UnitId } from '../lib/ids.ts'
import { rhythmMs } from './silence.ts'

/** A Page of ours and what is known of how it is doing. */
export interface WatchedPage extends Selectable<PageWatch> {
  readonly externalId: string
  readonly unitId: UnitId
  readonly name: string
  /** 0: nobody has given it a token yet. */
  readonly loginNumber: number
  readonly state: string
  readonly stateReason: string | null
  readonly stateChangedAt: Date
  readonly lastEventAt: Date | null
  readonly createdAt: Date
  /** Until when the platform wants nothing written; in the past, or without a reason: it may write. */
  readonly pausedUntil: Date | null
  readonly pauseReason: string | null
}

/** Pages that were set up since the last look come under watch. */
export async function beginWatching(db: Db | Tx): Promise<void> {
  await db
    .insertInto('pageWatch')
    .columns(['accountId'])
    .expression((select) => select.selectFrom('accounts').select('id').where('platform', '=', 'facebook'))
    .onConflict((conflict) => conflict.column('accountId').doNothing())
    .execute()
}

export async function watchedPages(db: Db | Tx): Promise<WatchedPage[]> {
  return watched(db).orderBy('accounts.externalId').execute()
}

export async function findWatched(db: Db | Tx, id: AccountId): Promise<WatchedPage> {
  return watched(db).where('accounts.id', '=', id).executeTakeFirstOrThrow()
}

function watched(db: Db | Tx) {
  return (
    db
      .selectFrom('accounts')
      .innerJoin('pageWatch', 'pageWatch.accountId', 'accounts.id')
      .leftJoin('accountLanes', 'accountLanes.accountId', 'accounts.id')
      .selectAll('pageWatch')
      .select(['externalId', 'unitId', 'name', 'loginNumber', 'state', 'stateReason', 'stateChangedAt', 'lastEventAt'])
      .select(['createdAt', 'pauseReason'])
      // Stopped for good, or not at all, is no pause; neither is a date.
      .select(sql<Date | null>`case when isfinite(paused_until) then paused_until end`.as('pausedUntil'))
  )
}

export async function saveWatch(db: Db | Tx, id: AccountId, change: Updateable<PageWatch>): Promise<void> {
  await db.updateTable('pageWatch').set(change).where('accountId', '=', id).execute()
}

/** What one look found, as one commit. */
export function savingWatch<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(db, 'save-page-watch', work)
}

/** The platform no longer lets us act as this Page: nothing is sent until a person, or a later look, has it repaired. */
export async function stopPage(tx: Tx, id: AccountId, reason: string, now: Date): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: reason, stateChangedAt: now })
    .where('id', '=', id)
    .where('state', '<>', 'stopped')
    .execute()
  await tx
    .updateTable('accountLanes')
    .set({ pausedUntil: 'infinity', pauseReason: reason })
    .where('accountId', '=', id)
    .where('pausedUntil', '<', sql<Date>`'infinity'`)
    .execute()
}

/** In which hours it was heard before it was last heard, as far back as its rhythm is read. */
export async function heardHours(db: Db, id: AccountId, lastHeardAt: Date): Promise<Date[]> {
  const rows = await db
    .selectFrom('accountHours')
    .select('hour')
    .where('accountId', '=', id)
    .where('hour', '>', new Date(lastHeardAt.getTime() - rhythmMs))
    .execute()
  return rows.map(({ hour }) => hour)
}

/** Hours that no rhythm is read from any more. */
export async function forgetOldHours(db: Db): Promise<void> {
  await sql`
    delete from account_hours h using accounts a
      where a.id = h.account_id and h.hour < a.last_event_at - ${`${rhythmMs} milliseconds`}::interval`.execute(db)
}

/** Every Page's token is looked at with the next look, e.g. because somebody has withdrawn a permission. */
export async function wantTokenChecks(db: Db, now: Date): Promise<void> {
  await beginWatching(db)
  await db.updateTable('pageWatch').set({ tokenDueAt: now }).where('tokenDueAt', '>', now).execute()
}
