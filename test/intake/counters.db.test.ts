import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { CounterBuffer } from '../../src/intake/counter-buffer.ts'
import { count, tally } from '../../src/intake/counters.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

const counted = async (): Promise<Record<string, number>> => {
  const rows = await db.selectFrom('counters').select(['name', 'reason', 'amount']).execute()
  return Object.fromEntries(rows.map(({ name, reason, amount }) => [`${name} ${reason}`, Number(amount)]))
}

describe('tally', () => {
  it.each([
    ['nothing', [], []],
    [
      'each reason by how often it stands there',
      ['read', 'like', 'read'],
      [
        ['read', 2],
        ['like', 1],
      ],
    ],
    [
      'a reason that looks like a method',
      ['constructor', '__proto__'],
      [
        ['constructor', 1],
        ['__proto__', 1],
      ],
    ],
  ])('%s', (_what, reasons, expected) => {
    expect([...tally(reasons)]).toEqual(expected)
  })
})

describe('count', () => {
  it('adds up over a day', async () => {
    await count(
      db,
      'ignored_facebook',
      new Map([
        ['read', 2],
        ['like', 1],
      ]),
      now,
    )
    await count(db, 'ignored_facebook', new Map([['read', 3]]), plusMs(now, 60_000))

    expect(await counted()).toEqual({ 'ignored_facebook read': 5, 'ignored_facebook like': 1 })
  })

  it('begins anew on the next day in Viet Nam', async () => {
    await count(db, 'ignored_facebook', new Map([['read', 2]]), new Date('2026-03-02T16:59:59Z'))
    await count(db, 'ignored_facebook', new Map([['read', 3]]), new Date('2026-03-02T17:00:00Z'))

    const days = await db.selectFrom('counters').select('amount').orderBy('day').execute()
    expect(days).toEqual([{ amount: '2' }, { amount: '3' }])
  })

  it('of nothing writes nothing', async () => {
    await count(db, 'ignored_facebook', new Map(), now)

    expect(await counted()).toEqual({})
  })

  it('from many at once loses none', async () => {
    const reasons = new Map(['a', 'b', 'c'].map((reason) => [reason, 1]))
    const reversed = new Map([...reasons].reverse())

    await Promise.all(Array.from({ length: 40 }, (_, at) => count(db, 'x', at % 2 === 0 ? reasons : reversed, now)))

    expect(await counted()).toEqual({ 'x a': 40, 'x b': 40, 'x c': 40 })
  })
})

describe('the counter buffer', () => {
  const none = (): void => {}

  it('gathers a storm into one count', async () => {
    const buffer = new CounterBuffer(db, () => now, 60_000, none)
    for (let n = 0; n < 1_000; n += 1) buffer.add('ignored_facebook', 'read')
    buffer.add('ignored_facebook', 'like', 5)
    buffer.add('refused_facebook', 'bad_signature')
    expect(await counted()).toEqual({})

    await buffer.flush()

    expect(await counted()).toEqual({
      'ignored_facebook read': 1_000,
      'ignored_facebook like': 5,
      'refused_facebook bad_signature': 1,
    })
  })

  it('writes by itself after a while', async () => {
    const buffer = new CounterBuffer(db, () => now, 1, none)

    buffer.add('ignored_facebook', 'read')

    await until(async () => (await counted())['ignored_facebook read'] === 1, { what: 'the count is written' })
  })

  it('flushed twice counts once', async () => {
    const buffer = new CounterBuffer(db, () => now, 60_000, none)
    buffer.add('ignored_facebook', 'read')

    await Promise.all([buffer.flush(), buffer.flush()])

    expect(await counted()).toEqual({ 'ignored_facebook read': 1 })
  })

  it('gathers again what could not be written, and says so', async () => {
    const errors: unknown[] = []
    const buffer = new CounterBuffer(
      db,
      () => now,
      60_000,
      (error) => errors.push(error),
    )
    buffer.add('ignored_facebook', 'read', 3)

    await sql`alter table counters rename to counters_away`.execute(db)
    await buffer.flush()
    await sql`alter table counters_away rename to counters`.execute(db)
    buffer.add('ignored_facebook', 'read', 2)
    await buffer.flush()

    expect(errors).toMatchObject([{ code: '42P01' }])
    expect(await counted()).toEqual({ 'ignored_facebook read': 5 })
  })
})
