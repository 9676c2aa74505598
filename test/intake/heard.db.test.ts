import { beforeEach, expect, it } from 'vitest'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { type Normalise, recordNext } from '../../src/intake/record.ts'
import { replayDeliveries } from '../../src/intake/replay.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import type { Lane } from '../../src/lib/lane.ts'
import { addAccount, emptyTables, inbound, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool } = await testDatabase()
let page: AccountId
let other: AccountId
beforeEach(async () => {
  await emptyTables(db)
  page = await addAccount(db, { externalId: 'page' })
  other = await addAccount(db, { externalId: 'other' })
})

/** Each delivery names the account that it is about. */
const normalise: Normalise = ({ body }) => [inbound({ accountExternalId: body.toString().split(' ', 1)[0] ?? '' })]

let kept = 0
async function keep(account: string, at: Date, lane: Lane = 'live'): Promise<void> {
  kept += 1
  const keeper = new DeliveryKeeper(
    pool,
    () => at,
    () => {},
  )
  await keeper.keep({ platform: 'facebook', accountExternalId: null, lane, body: Buffer.from(`${account} ${kept}`) })
}

async function heard(id: AccountId): Promise<{ last: Date | null; hours: Date[] }> {
  const { lastEventAt } = await db
    .selectFrom('accounts')
    .select('lastEventAt')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const hours = await db.selectFrom('accountHours').select('hour').where('accountId', '=', id).orderBy('hour').execute()
  return { last: lastEventAt, hours: hours.map(({ hour }) => hour) }
}

it('an account is heard when its delivery came, each by itself, and the hour is kept', async () => {
  await keep('page', now)
  await keep('page', plusMs(now, 90 * 60_000))
  await keep('other', plusMs(now, 5_000))

  await recordNext(db, normalise, plusMs(now, 7_200_000))

  expect(await heard(page)).toEqual({ last: plusMs(now, 90 * 60_000), hours: [plusMs(now, 3_600_000)] })
  expect(await heard(other)).toEqual({ last: plusMs(now, 5_000), hours: [now] })
})

it('what is older than what was heard, as after a replay, changes nothing', async () => {
  await keep('page', now)
  await recordNext(db, normalise, now)
  await keep('page', plusMs(now, 3_600_000))
  await recordNext(db, normalise, plusMs(now, 3_600_000))
  const before = await heard(page)

  const first = await db.selectFrom('deliveries').select('id').orderBy('receivedAt').executeTakeFirstOrThrow()
  await replayDeliveries(db, first.id)
  await recordNext(db, normalise, plusMs(now, 9_000_000))

  expect(await heard(page)).toEqual(before)
  expect(before).toEqual({ last: plusMs(now, 3_600_000), hours: [now, plusMs(now, 3_600_000)] })
})

it('what we fetched ourselves does not count as heard', async () => {
  await keep('page', now, 'backfill')

  await recordNext(db, normalise, now)

  expect(await heard(page)).toEqual({ last: null, hours: [] })
})
