import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import { plusMs, vietnamDay } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import type { AccountAdvice } from './publisher.ts'

/**
 * The account's send is over: its gap begins, and what the platform advised holds for everything else it wants to send.
 * What never reached the platform does not count against the day.
 */
export async function freeLane(
  tx: Tx,
  accountId: AccountId,
  fence: string,
  after: { advice: AccountAdvice; gapMs: number; wasReached?: boolean },
  now: Date,
): Promise<void> {
  const { advice, gapMs, wasReached = true } = after
  const day = vietnamDay(now)
  const counted = {
    sentToday: sql<number>`case when sent_on = ${day}::date then sent_today + 1 else 1 end`,
    sentOn: day,
  }
  await tx
    .updateTable('accountLanes')
    .set({
      busyUntil: '-infinity',
      nextSendAt: plusMs(now, gapMs),
      ...(wasReached ? counted : {}),
      ...pauseFor(advice),
    })
    .where('accountId', '=', accountId)
    .where('fence', '=', fence)
    .execute()
  if (advice.do !== 'stop') return
  await tx
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: advice.reason, stateChangedAt: now })
    .where('id', '=', accountId)
    .where('state', '<>', 'stopped') // officers are told of each change, and this would be none
    .execute()
}

function pauseFor(advice: AccountAdvice): { pausedUntil?: Date | string; pauseReason?: string } {
  switch (advice.do) {
    case 'go_on':
      return {}
    case 'wait':
      return { pausedUntil: new Date(advice.untilMs), pauseReason: advice.why ?? 'throttled' }
    case 'stop':
      return { pausedUntil: 'infinity', pauseReason: advice.reason }
  }
}

/** Nothing of the account's works until a person repairs it, though no send was under way when that came out. */
export async function stopLane(tx: Tx, accountId: AccountId, reason: string, now: Date): Promise<void> {
  await tx
    .updateTable('accountLanes')
    .set(pauseFor({ do: 'stop', reason }))
    .where('accountId', '=', accountId)
    .execute()
  await tx
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: reason, stateChangedAt: now })
    .where('id', '=', accountId)
    .execute()
}

/** A person has repaired what stopped the account (a new token, a new login): it may send again. */
export async function resumeLane(db: Db, accountId: AccountId, now: Date): Promise<void> {
  await db
    .updateTable('accountLanes')
    .set({ pausedUntil: '-infinity', pauseReason: null })
    .where('accountId', '=', accountId)
    .where('pausedUntil', '=', sql<Date>`'infinity'`)
    .execute()
  await db
    .updateTable('accounts')
    .set({ state: 'unknown', stateReason: 'repaired', stateChangedAt: now })
    .where('id', '=', accountId)
    .where('state', '=', 'stopped')
    .execute()
}
