import type { Account } from '../accounts/store.ts'
import { type Db, transaction } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { plusMs, vietnamDay } from '../lib/clock.ts'
import type { AccountId } from '../lib/ids.ts'
import { unreadFrames } from '../texts/account-news.ts'
import { tellUnit } from './tell.ts'

const DAY_MS = 86_400_000

/** Something came that could not be read: those on duty and the admins are told, once a day. True when somebody is. */
export async function raiseUnread(
  db: Db,
  { id, name, unitId }: Account,
  command: number,
  chatAddress: ChatAddress,
  now: Date,
): Promise<boolean> {
  return transaction(
    db,
    (isTold) => (isTold ? 'raise-alarm' : null),
    async (tx) => {
      const detail = `cmd ${command}`
      const raised = await tx
        .insertInto('accountAlarms')
        .values({ accountId: id, what: 'unread_frames', day: vietnamDay(now), at: now, detail })
        .onConflict((conflict) => conflict.columns(['accountId', 'what', 'day']).doNothing())
        .returning('accountId')
        .executeTakeFirst()
      if (raised === undefined) return false
      return tellUnit(tx, unitId, unreadFrames(name, detail), chatAddress, now, { admins: true })
    },
  )
}

/** Which accounts got something within the last day that could not be read, and what. */
export async function unreadLately(db: Db, now: Date): Promise<Map<AccountId, string>> {
  const raised = await db
    .selectFrom('accountAlarms')
    .select(['accountId', 'detail'])
    .where('what', '=', 'unread_frames')
    .where('at', '>', plusMs(now, -DAY_MS))
    .orderBy('at')
    .execute()
  return new Map(raised.map(({ accountId, detail }) => [accountId, detail]))
}
