import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { plusMs, vietnamDay } from '../../src/lib/clock.ts'
import type { AccountId, OutboxId } from '../../src/lib/ids.ts'
import { type Claim, claimNext, nextDue } from '../../src/outbox/claim.ts'
import { freeLane, resumeLane } from '../../src/outbox/lane.ts'
import { addAccount, addCase, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

const limits = { leaseMs: 60_000, perDay: 1_000 }
const later = (ms: number): Date => plusMs(now, ms)
const claim = (at = now, perDay = limits.perDay, platform = 'facebook'): Promise<Claim | null> =>
  claimNext(db, platform, at, { ...limits, perDay })

/** The account may send again; the row is over. */
async function finish({ message, fence }: Claim, at = now, gapMs = 0): Promise<void> {
  await db.updateTable('outbox').set({ state: 'sent' }).where('id', '=', message.id).execute()
  await db.transaction().execute((tx) => freeLane(tx, message.accountId, fence, { advice: { do: 'go_on' }, gapMs }, at))
}

const card = (accountId: AccountId, given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> =>
  addOutboxRow(db, { accountId, audience: 'officer', ...given })

const lane = (accountId: AccountId) =>
  db.selectFrom('accountLanes').selectAll().where('accountId', '=', accountId).executeTakeFirstOrThrow()

describe('a claim', () => {
  it('hands over the whole message, its fence and the number of the attempt', async () => {
    const about = await addCase(db)
    const address = { type: 'comment', commentId: '1_2' }
    const id = await addOutboxRow(db, { caseId: about.id, accountId: about.accountId, address, text: 'Cần CCCD.' })

    expect(await claim()).toEqual({
      message: {
        id,
        accountId: about.accountId,
        caseId: about.id,
        kind: 'answer',
        audience: 'public',
        address,
        text: 'Cần CCCD.',
        fileId: null,
        targetId: null,
        link: null,
        claimedAt: now,
      },
      fence: '1',
      attempts: 1,
    })
  })

  it('leaves the row being sent and its account busy', async () => {
    const accountId = await addAccount(db)
    const id = await card(accountId)

    await claim()

    const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()
    expect(row).toMatchObject({ state: 'sending', attempts: 1, fence: '1', claimedAt: now, firstClaimedAt: now })
    expect(await lane(accountId)).toMatchObject({ fence: '1', busyUntil: later(60_000) })
  })

  it('of a second attempt remembers when the first was', async () => {
    await card(await addAccount(db))
    const first = await claim()
    if (first === null) throw new Error('nothing was due')
    await db.updateTable('outbox').set({ state: 'pending' }).execute()
    await db.updateTable('accountLanes').set({ busyUntil: '-infinity' }).execute()

    const second = await claim(later(5_000))

    expect(second).toMatchObject({ attempts: 2, fence: '2', message: { claimedAt: now } })
  })

  it('finds nothing where nothing is', async () => {
    expect(await claim()).toBeNull()
  })

  it('does not take what is due later', async () => {
    await card(await addAccount(db), { dueAt: later(1) })

    expect(await claim()).toBeNull()
    expect(await claim(later(1))).not.toBeNull()
  })

  it('is for one platform', async () => {
    await card(await addAccount(db, { platform: 'zalo' }))

    expect(await claim()).toBeNull()
    expect(await claim(now, 1_000, 'zalo')).not.toBeNull()
  })

  it.each(['sending', 'sent', 'confirmed', 'rejected', 'cancelled', 'unknown', 'needs_person'])(
    'never takes a %s row',
    async (state) => {
      await card(await addAccount(db), { state })

      expect(await claim()).toBeNull()
    },
  )

  it('has no lane, no claim: an account that was not set up sends nothing', async () => {
    const accountId = await addAccount(db)
    await card(accountId)
    await db.deleteFrom('accountLanes').execute()

    expect(await claim()).toBeNull()
  })
})

describe('within one account', () => {
  it('urgent goes first, then the lane, then what is due earlier, then what was queued earlier', async () => {
    const accountId = await addAccount(db)
    const bulk = await card(accountId, { lane: 5, dueAt: later(-9_000) })
    const second = await card(accountId, { lane: 2, dueAt: later(-1_000) })
    const first = await card(accountId, { lane: 2, dueAt: later(-2_000) })
    const urgent = await card(accountId, { lane: 1, dueAt: now })

    const order: OutboxId[] = []
    for (let next = await claim(); next !== null; next = await claim()) {
      order.push(next.message.id)
      await finish(next)
    }

    expect(order).toEqual([urgent, first, second, bulk])
  })

  it('one message is under way at a time', async () => {
    const accountId = await addAccount(db)
    await card(accountId)
    await card(accountId)

    expect(await claim()).not.toBeNull()
    expect(await claim()).toBeNull()
    expect(await claim(later(59_999))).toBeNull()
  })

  it('a lease that ran out lets the next one go, under a higher fence', async () => {
    const accountId = await addAccount(db)
    await card(accountId)
    await card(accountId)
    await claim()

    expect(await claim(later(60_000))).toMatchObject({ fence: '2' })
  })

  it('the gap is kept, also by an urgent one', async () => {
    const accountId = await addAccount(db)
    await card(accountId)
    const first = await claim()
    if (first !== null) await finish(first, now, 10_000)
    await card(accountId, { lane: 1 })

    expect(await claim(later(9_999))).toBeNull()
    expect(await claim(later(10_000))).not.toBeNull()
  })

  it('a pause is kept, also by an urgent one', async () => {
    const accountId = await addAccount(db)
    await db
      .updateTable('accountLanes')
      .set({ pausedUntil: later(5_000) })
      .execute()
    await card(accountId, { lane: 1 })

    expect(await claim(later(4_999))).toBeNull()
    expect(await claim(later(5_000))).not.toBeNull()
  })
})

describe('the daily cap', () => {
  const sent = (sentToday: number, sentOn: Date): Promise<unknown> =>
    db
      .updateTable('accountLanes')
      .set({ sentToday, sentOn: vietnamDay(sentOn) })
      .execute()

  it('stops ordinary messages', async () => {
    await card(await addAccount(db))
    await sent(3, now)

    expect(await claim(now, 3)).toBeNull()
    expect(await claim(now, 4)).not.toBeNull()
  })

  it('does not stop a call for help', async () => {
    await card(await addAccount(db), { lane: 1 })
    await sent(3, now)

    expect(await claim(now, 3)).not.toBeNull()
  })

  it('lets a call for help pass before what the cap holds back', async () => {
    const accountId = await addAccount(db)
    await card(accountId, { lane: 2, dueAt: later(-1_000) })
    const urgent = await card(accountId, { lane: 1 })
    await sent(3, now)

    expect((await claim(now, 3))?.message.id).toBe(urgent)
  })

  it('ends at midnight in Viet Nam', async () => {
    await card(await addAccount(db))
    await sent(3, now)

    expect(await claim(new Date('2026-03-02T16:59:59Z'), 3)).toBeNull()
    expect(await claim(new Date('2026-03-02T17:00:00Z'), 3)).not.toBeNull()
  })

  it('counts what was sent today', async () => {
    const accountId = await addAccount(db)
    for (let n = 0; n < 3; n += 1) {
      await card(accountId)
      const next = await claim()
      if (next !== null) await finish(next)
    }

    expect(await lane(accountId)).toMatchObject({ sentToday: 3 })
  })

  it('begins at one on the next day', async () => {
    const accountId = await addAccount(db)
    await sent(7, later(-24 * 3_600_000))
    await card(accountId)
    const next = await claim()
    if (next !== null) await finish(next)

    expect(await lane(accountId)).toMatchObject({ sentToday: 1 })
  })
})

describe('while publishing is stopped', () => {
  beforeEach(() => sql`update switches set is_on = false where name = 'publishing'`.execute(db))

  it.each(['public', 'resident'])('a %s message waits', async (audience) => {
    await addOutboxRow(db, { audience })

    expect(await claim()).toBeNull()
    expect(await nextDue(db, 'facebook', now, 1_000)).toBeNull()
  })

  it('officers are still told', async () => {
    const accountId = await addAccount(db)
    await addOutboxRow(db, { accountId, lane: 1 })
    const id = await card(accountId, { lane: 5 })

    expect((await claim())?.message.id).toBe(id)
  })

  it('and goes on where it stopped', async () => {
    const id = await addOutboxRow(db)

    await sql`update switches set is_on = true`.execute(db)

    expect((await claim())?.message.id).toBe(id)
  })
})

describe('several accounts', () => {
  it('take turns: an account with two thousand rows delays each other by one turn', async () => {
    const stormy = await addAccount(db)
    await manyCards(stormy, 2_000)
    const quiet = await Promise.all(Array.from({ length: 9 }, () => addAccount(db)))
    const first = await claim()
    if (first !== null) await finish(first)
    for (const accountId of quiet) await manyCards(accountId, 2)

    const turns = await serve(20)

    expect(new Set(turns.slice(0, 9))).toEqual(new Set(quiet))
    expect(turns.slice(0, 10)).toContain(stormy)
    for (const accountId of quiet) expect(turns.filter((turn) => turn === accountId)).toHaveLength(2)
  })

  it('whatever waits where, nobody is served twice before everybody who waits was served once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 6 }), async (amounts) => {
        await emptyTables(db)
        const waiting = new Map<AccountId, number>()
        for (const amount of amounts) {
          const accountId = await addAccount(db)
          await manyCards(accountId, amount)
          waiting.set(accountId, amount)
        }
        const total = amounts.reduce((sum, amount) => sum + amount, 0)
        const lastTurn = new Map<AccountId, number>()
        for (const [turn, accountId] of (await serve(total)).entries()) {
          const before = lastTurn.get(accountId) ?? -1
          for (const [other, left] of waiting) {
            if (other !== accountId && left > 0 && before >= 0)
              expect(lastTurn.get(other) ?? -1).toBeGreaterThan(before)
          }
          lastTurn.set(accountId, turn)
          waiting.set(accountId, (waiting.get(accountId) ?? 0) - 1)
        }
        expect([...waiting.values()].every((left) => left === 0)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })

  it('are never given to two claimers at once, nor is a row', async () => {
    const accounts = await Promise.all(Array.from({ length: 5 }, () => addAccount(db)))
    for (const accountId of accounts) await manyCards(accountId, 5)

    const claims = await Promise.all(Array.from({ length: 12 }, () => claim()))

    const taken = claims.flatMap((one) => (one === null ? [] : [one.message]))
    expect(new Set(taken.map((message) => message.accountId)).size).toBe(taken.length)
    expect(new Set(taken.map((message) => message.id)).size).toBe(taken.length)
    expect(taken.length).toBeGreaterThan(0)
    const sending = await db.selectFrom('outbox').select('id').where('state', '=', 'sending').execute()
    expect(sending).toHaveLength(taken.length)
  })

  it('one that is busy holds up no other', async () => {
    await card(await addAccount(db))
    await claim()
    const id = await card(await addAccount(db))

    expect((await claim())?.message.id).toBe(id)
  })
})

describe('a restricted case', () => {
  it('is never claimed for the public, in whichever order restriction and claim come', async () => {
    for (let round = 0; round < 15; round += 1) {
      const about = await addCase(db)
      const id = await addOutboxRow(db, { caseId: about.id, accountId: about.accountId })

      const [claimed] = await Promise.all([
        claim().catch(() => null), // two that wait for each other: one is told to try again
        db
          .updateTable('cases')
          .set({ confidentiality: 'restricted' })
          .where('id', '=', about.id)
          .execute()
          .catch(() =>
            db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', about.id).execute(),
          ),
      ])

      const { state } = await db.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirstOrThrow()
      expect(state).toBe(claimed === null ? 'cancelled' : 'sending')
      expect(await claim()).toBeNull()
    }
  })
})

describe('when the next row can be taken', () => {
  const next = (perDay = 1_000): Promise<Date | null> => nextDue(db, 'facebook', now, perDay)

  it('nothing waits: never', async () => {
    await card(await addAccount(db), { state: 'sent' })

    expect(await next()).toBeNull()
  })

  it.each<[string, Record<string, Date>, Date]>([
    ['when it is due', { lastServed: now }, later(1_000)],
    ['when the gap is over', { nextSendAt: later(5_000) }, later(5_000)],
    ['when the account is free', { busyUntil: later(6_000) }, later(6_000)],
    ['when the pause is over', { pausedUntil: later(7_000) }, later(7_000)],
    ['when the last of these is over', { nextSendAt: later(8_000), pausedUntil: later(2_000) }, later(8_000)],
  ])('%s', async (_when, laneState, at) => {
    await card(await addAccount(db), { dueAt: later(1_000) })
    await db.updateTable('accountLanes').set(laneState).execute()

    expect(await next()).toEqual(at)
  })

  it('of several accounts the earliest', async () => {
    await card(await addAccount(db), { dueAt: later(9_000) })
    await card(await addAccount(db), { dueAt: later(3_000) })

    expect(await next()).toEqual(later(3_000))
  })

  it('an account stopped until a person repairs it wakes nobody', async () => {
    await card(await addAccount(db))
    await db.updateTable('accountLanes').set({ pausedUntil: 'infinity' }).execute()

    expect(await next()).toBeNull()
  })

  it('an account at its cap goes on at midnight in Viet Nam', async () => {
    await card(await addAccount(db))
    await db
      .updateTable('accountLanes')
      .set({ sentToday: 3, sentOn: vietnamDay(now) })
      .execute()

    expect(await next(3)).toEqual(new Date('2026-03-02T17:00:00Z'))
  })

  it('but its call for help at once', async () => {
    const accountId = await addAccount(db)
    await card(accountId, { dueAt: later(-5_000) })
    await card(accountId, { lane: 1 })
    await db
      .updateTable('accountLanes')
      .set({ sentToday: 3, sentOn: vietnamDay(now) })
      .execute()

    expect(await next(3)).toEqual(now)
  })

  it('is when a claim succeeds, whatever the lane looks like', async () => {
    const ms = fc.integer({ min: -10_000, max: 10_000 })
    await fc.assert(
      fc.asyncProperty(ms, ms, ms, fc.constantFrom(1, 2), fc.nat(4), async (due, gap, pause, laneNumber, sentToday) => {
        await emptyTables(db)
        await card(await addAccount(db), { dueAt: later(due), lane: laneNumber })
        await db
          .updateTable('accountLanes')
          .set({ nextSendAt: later(gap), pausedUntil: later(pause), sentToday, sentOn: vietnamDay(now) })
          .execute()
        const at = await next(3)
        if (at === null) throw new Error('a row waits')
        expect(await claim(plusMs(at, -1), 3)).toBeNull()
        expect(await claim(at, 3)).not.toBeNull()
      }),
      { numRuns: 20 },
    )
  })
})

describe('an account that was stopped', () => {
  const advise = async (advice: Parameters<typeof freeLane>[3]['advice']): Promise<AccountId> => {
    const accountId = await addAccount(db)
    await card(accountId)
    const taken = await claim()
    if (taken === null) throw new Error('nothing was due')
    await db.transaction().execute((tx) => freeLane(tx, accountId, taken.fence, { advice, gapMs: 0 }, now))
    await card(accountId)
    return accountId
  }
  const account = (id: AccountId) =>
    db.selectFrom('accounts').select(['state', 'stateReason']).where('id', '=', id).executeTakeFirst()

  it('sends nothing until a person has repaired it, and says why', async () => {
    const accountId = await advise({ do: 'stop', reason: 'token_expired' })

    expect(await claim(later(10 ** 9))).toBeNull()
    expect(await account(accountId)).toEqual({ state: 'stopped', stateReason: 'token_expired' })

    await resumeLane(db, accountId, now)
    expect(await claim()).not.toBeNull()
    expect(await account(accountId)).toEqual({ state: 'unknown', stateReason: 'repaired' })
  })

  it('by somebody else while its send was under way keeps the moment and the reason of the first', async () => {
    const accountId = await addAccount(db)
    await card(accountId)
    const taken = await claim()
    const stopped = { state: 'stopped', stateReason: 'token', stateChangedAt: now } as const
    await db.updateTable('accounts').set(stopped).where('id', '=', accountId).execute()

    const after = { advice: { do: 'stop', reason: 'permission' }, gapMs: 0 } as const
    await db.transaction().execute((tx) => freeLane(tx, accountId, taken?.fence ?? '', after, later(1_000)))

    const kept = ['state', 'stateReason', 'stateChangedAt'] as const
    const row = await db.selectFrom('accounts').select(kept).where('id', '=', accountId).executeTakeFirst()
    expect(row).toEqual(stopped)
  })

  it('a throttled one is not woken by a repair before its time', async () => {
    const accountId = await advise({ do: 'wait', untilMs: later(5_000).getTime() })
    await resumeLane(db, accountId, now)

    expect(await claim(later(4_999))).toBeNull()
    expect(await claim(later(5_000))).not.toBeNull()
    expect(await account(accountId)).toMatchObject({ state: 'connected' })
  })

  it('a sender whose lease ran out changes nothing about the lane of the next', async () => {
    const accountId = await addAccount(db)
    await card(accountId)
    await card(accountId)
    const old = await claim()
    await claim(later(60_000))

    if (old !== null) await finish(old, later(61_000))

    expect(await lane(accountId)).toMatchObject({ fence: '2', busyUntil: later(120_000), sentToday: 0 })
  })
})

/** Claims and finishes, one after the other; whose turn each was. */
async function serve(turns: number): Promise<AccountId[]> {
  const served: AccountId[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const next = await claim()
    if (next === null) break
    served.push(next.message.accountId)
    await finish(next)
  }
  return served
}

async function manyCards(accountId: AccountId, amount: number): Promise<void> {
  await sql`
    insert into outbox (id, account_id, unit_id, origin_id, kind, audience, address, address_key, place_kind, place_id,
      text, lane, due_at, created_at, changed_at)
    select gen_random_uuid(), a.id, a.unit_id, gen_random_uuid(), 'card', 'officer', '{}', 'k', 'direct', 'hoa', 'x', 2,
      ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    from accounts a, generate_series(1, ${amount}::int) where a.id = ${accountId}`.execute(db)
}
