import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openQueues } from '../../queues/open.ts'
import { createMetrics } from '../../src/assembly/metrics.ts'
import { readiness } from '../../src/assembly/readiness.ts'
import { openDb, openPool } from '../../src/db/client.ts'
import { count } from '../../src/intake/counters.ts'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { createLog } from '../../src/lib/log.ts'
import { addAccount, addCase, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool, connection } = await testDatabase()
const log = createLog('silent')
const queues = await openQueues({ backend: { kind: 'postgres', connection }, log })
afterAll(() => queues.close())
beforeEach(async () => {
  await emptyTables(db)
  await db.insertInto('installation').values({ kind: 'simulated', createdAt: now }).execute()
})

const ready = (over = db) => readiness(over, queues, '/', () => now)

describe('readiness', () => {
  it('is there when the store and the queues answer', async () => {
    const { isReady, parts } = await ready()

    expect(isReady).toBe(true)
    expect(parts).toMatchObject({ database: 'ok', queues: 'ok', publishing: 'ok', unroutedCases: '0' })
  })

  it('is gone with the store, which is named', async () => {
    const pool = openPool(connection, 'app,public', 1, () => {})
    await pool.end()

    const { isReady, parts } = await ready(openDb(pool))

    expect(isReady).toBe(false)
    expect(parts).toMatchObject({ database: expect.stringMatching(/\w/), queues: 'ok' })
    expect(parts.database).not.toBe('ok')
  })

  it('names accounts that are off and stays: an operator has to act, a restart would not help', async () => {
    const [zalo, page] = [
      await addAccount(db, { platform: 'zalo', externalId: '555' }),
      await addAccount(db, { platform: 'zalo', externalId: '556' }),
    ]
    await db
      .updateTable('accounts')
      .set({ state: 'needs_qr', stateReason: 'cookie_refused' })
      .where('id', '=', zalo)
      .execute()

    const { isReady, parts } = await ready()

    expect(page).not.toBe(zalo)
    expect(isReady).toBe(true)
    expect(parts).toMatchObject({ 'zalo 555': 'needs_qr: cookie_refused', 'zalo 556': 'ok' })
  })

  it('says that publishing is stopped, and how many cases nobody has', async () => {
    await db.updateTable('switches').set({ isOn: false }).execute()
    await addCase(db)
    await addCase(db, { status: 'assigned' })

    expect((await ready()).parts).toMatchObject({ publishing: 'stopped', unroutedCases: '1' })
  })
})

describe('metrics', () => {
  const render = createMetrics(db, queues, () => now)
  const lines = async (): Promise<string[]> =>
    (await render()).body.split('\n').filter((line) => line.startsWith('danhoi_'))

  it('count rows by state, jobs by queue, and what was not kept', async () => {
    const accountId = await addAccount(db, { externalId: '101' })
    await new DeliveryKeeper(
      pool,
      () => now,
      () => {},
    ).keep({
      platform: 'facebook',
      accountExternalId: null,
      lane: 'live',
      body: Buffer.from('x'),
    })
    const about = await addCase(db, { accountId })
    await addCase(db, { accountId, confidentiality: 'restricted', status: 'assigned' })
    await addOutboxRow(db, { accountId, caseId: about.id })
    await count(db, 'ignored_facebook', new Map([['read', 7]]), now)

    const shown = await lines()

    for (const line of [
      'danhoi_deliveries{platform="facebook",state="received"} 1',
      'danhoi_cases{status="received",confidentiality="public"} 1',
      'danhoi_cases{status="assigned",confidentiality="restricted"} 1',
      'danhoi_outbox{platform="facebook",audience="public",state="pending"} 1',
      'danhoi_counted{name="ignored_facebook",reason="read"} 7',
      'danhoi_account_connected{platform="facebook",account="101"} 1',
      'danhoi_jobs{queue="triage",state="waiting"} 0',
    ]) {
      expect(shown).toContain(line)
    }
  })

  it('forget what is no more', async () => {
    await addCase(db)
    await lines()
    await db.updateTable('cases').set({ status: 'closed' }).execute()

    const shown = await lines()

    expect(shown.filter((line) => line.startsWith('danhoi_cases{'))).toEqual([
      'danhoi_cases{status="closed",confidentiality="public"} 1',
    ])
  })

  it('name no person and repeat no word', async () => {
    await addCase(db)

    expect((await render()).body).not.toMatch(/Nguyễn|hộ khẩu/)
  })

  it('an account that is off shows as 0', async () => {
    await addAccount(db, { platform: 'zalo', externalId: '555' })
    await db.updateTable('accounts').set({ state: 'evicted' }).execute()

    expect(await lines()).toContain('danhoi_account_connected{platform="zalo",account="555"} 0')
  })
})
