import { afterEach, expect, it } from 'vitest'
import { notify, startListening } from '../../src/db/notify.ts'
import { createLog } from '../../src/lib/log.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { db, pool, connection } = await testDatabase()
let stop: (() => Promise<void>) | null = null
afterEach(async () => {
  await stop?.()
  stop = null
})

async function listen(): Promise<{ heard: number }> {
  const ears = { heard: 0 }
  const onNotice = (): void => {
    ears.heard += 1
  }
  stop = await startListening({ connection, log: createLog('silent'), notice: 'publishing', onNotice })
  return ears
}

it('a notice is heard once it is committed, and not before', async () => {
  const ears = await listen()

  await db.transaction().execute(async (tx) => {
    await notify(tx, 'publishing')
    expect(ears.heard).toBe(0)
  })

  await until(() => ears.heard === 1, { what: 'the notice is heard' })
})

it('one that is rolled back is not heard', async () => {
  const ears = await listen()

  await db
    .transaction()
    .execute(async (tx) => {
      await notify(tx, 'publishing')
      throw new Error('no')
    })
    .catch(() => {})
  await notify(db, 'publishing')

  await until(() => ears.heard > 0, { what: 'the second notice is heard' })
  expect(ears.heard).toBe(1)
})

it('after its connection was lost it listens anew, and takes it that something was said meanwhile', async () => {
  const ears = await listen()

  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like 'danhoi notices %'`)

  await until(() => ears.heard === 1, { what: 'it listens again' })
  await notify(db, 'publishing')
  await until(() => ears.heard === 2, { what: 'the notice is heard' })
})
