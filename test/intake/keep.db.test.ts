import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { openPool } from '../../src/db/client.ts'
import { type Delivery, DeliveryKeeper } from '../../src/intake/keep.ts'
import { emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool, connection } = await testDatabase()
beforeEach(() => emptyTables(db))

function delivery(body: string | Buffer, given: Partial<Delivery> = {}): Delivery {
  return { platform: 'facebook', accountExternalId: null, lane: 'live', body: Buffer.from(body), ...given }
}

function keeper(onKept: () => void = () => {}): DeliveryKeeper {
  return new DeliveryKeeper(pool, () => now, onKept)
}

const rows = () => db.selectFrom('deliveries').selectAll().orderBy('id').execute()
const bodies = async (): Promise<string[]> => (await rows()).map((row) => row.body.toString()).sort()

describe('what was kept', () => {
  it('is there byte for byte when keep resolves', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

    await keeper().keep(delivery(bytes, { platform: 'zalo', accountExternalId: '555', lane: 'backfill' }))

    expect(await rows()).toMatchObject([
      {
        platform: 'zalo',
        accountExternalId: '555',
        lane: 4,
        state: 'received',
        attempts: 0,
        receivedAt: now,
        body: bytes,
      },
    ])
  })

  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['two megabytes', Buffer.alloc(2 * 1024 * 1024, 7)],
  ])('may be %s', async (_what, bytes) => {
    await keeper().keep(delivery(bytes))

    const [row] = await rows()
    expect(row?.body.equals(bytes)).toBe(true)
  })

  it('the office is told once there is something to read, not before', async () => {
    const seen: number[] = []
    const told = keeper(() => {
      seen.push(1)
    })

    await told.keep(delivery('a'))

    expect(seen).toEqual([1])
  })

  it.each([
    ['urgent', 1],
    ['live', 2],
    ['acknowledgements', 3],
    ['backfill', 4],
    ['bulk', 5],
  ] as const)('of lane %s is row of lane %d', async (lane, number) => {
    await keeper().keep(delivery('a', { lane }))

    expect(await rows()).toMatchObject([{ lane: number }])
  })
})

describe('the same delivery again', () => {
  it('is the same row, and keeping it succeeds', async () => {
    await keeper().keep(delivery('a'))
    await keeper().keep(delivery('a'))

    expect(await bodies()).toEqual(['a'])
  })

  it('a hundred times at once is one row', async () => {
    const one = keeper()

    await Promise.all(Array.from({ length: 100 }, () => one.keep(delivery('a'))))

    expect(await bodies()).toEqual(['a'])
  })

  it('at once through several programs is one row', async () => {
    await Promise.all(Array.from({ length: 20 }, () => keeper().keep(delivery('a'))))

    expect(await bodies()).toEqual(['a'])
  })

  it('that was read already is not read again', async () => {
    await keeper().keep(delivery('a'))
    await db.updateTable('deliveries').set({ state: 'normalised' }).execute()

    await keeper().keep(delivery('a'))

    expect(await rows()).toMatchObject([{ state: 'normalised' }])
  })

  it.each<[string, Partial<Delivery>]>([
    ['on another platform', { platform: 'zalo' }],
    ['for another account', { accountExternalId: '555' }],
    ['with one more byte', { body: Buffer.from('a ') }],
  ])('%s is another delivery', async (_how, given) => {
    await keeper().keep(delivery('a'))
    await keeper().keep(delivery('a', given))

    expect(await rows()).toHaveLength(2)
  })

  it('and its neighbours are written in one order by every program, so that none waits for the other', async () => {
    const busy = keeper()

    await Promise.all(Array.from({ length: 50 }, (_, at) => busy.keep(delivery(String(at)))))

    const written = await sql<{ digest: Buffer; insert: string }>`
      select digest, xmin::text as insert from deliveries order by ctid`.execute(db)
    for (const group of Map.groupBy(written.rows, (row) => row.insert).values()) {
      const digests = group.map((row) => row.digest.toString('hex'))
      expect(digests).toEqual(digests.toSorted())
    }
  })

  it('in the opposite order through another program makes nobody wait for nobody', async () => {
    for (let round = 0; round < 6; round += 1) {
      const storm = Array.from({ length: 150 }, (_, at) => delivery(`${round}/${at}`))
      const [there, back] = [keeper(), keeper()]
      // Two inserts are under way, so all that follows goes out together.
      const first = [there, back].flatMap((one, at) => [0, 1].map((n) => one.keep(delivery(`${round}/x${at}${n}`))))

      const kept = [...storm.map((one) => there.keep(one)), ...storm.toReversed().map((one) => back.keep(one))]

      const results = await Promise.allSettled([...first, ...kept])
      expect(results.filter((result) => result.status === 'rejected')).toEqual([])
    }
    expect(await rows()).toHaveLength(6 * 154)
  })
})

describe('a storm', () => {
  it('shares its commits: a thousand deliveries cost few inserts', async () => {
    let commits = 0
    const busy = keeper(() => {
      commits += 1
    })

    await Promise.all(Array.from({ length: 1_000 }, (_, at) => busy.keep(delivery(String(at)))))

    expect(await rows()).toHaveLength(1_000)
    expect(commits).toBeLessThanOrEqual(10)
  })
})

describe('a store that fails', () => {
  it('is told to everybody who waits, and nobody is told that it was kept', async () => {
    const closed = openPool(connection, 'app,public', 1, () => {})
    await closed.end()
    let told = 0
    const lost = new DeliveryKeeper(
      closed,
      () => now,
      () => {
        told += 1
      },
    )

    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((body) => lost.keep(delivery(body))))

    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
    expect(told).toBe(0)
  })

  it('for one group of deliveries works again for the next', async () => {
    const one = keeper()
    const refused = one.keep(delivery('a', { platform: JSON.parse('"viber"') }))
    await expect(refused).rejects.toMatchObject({ code: '23514' })

    await one.keep(delivery('b'))

    expect(await bodies()).toEqual(['b'])
  })
})
