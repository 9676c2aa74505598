import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { advisoryLocks, lockHolder } from '../../src/db/advisory-lock.ts'
import { holdProgramLock } from '../../src/db/program-lock.ts'
import { RefusedError } from '../../src/lib/errors.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { silent } from './store.ts'

const { connection, pool } = await testDatabase()
/** Of this database alone: other test files use the same server. */
const waitingHere = `select 1 from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`

it('a second program on the same database is refused by name, and may run once the first has stopped', async () => {
  const first = await holdProgramLock({ connection, log: silent, onLost: () => {} })

  const second = await holdProgramLock({ connection, log: silent, onLost: () => {} }).catch((error: unknown) => error)
  await first.release()
  const third = await holdProgramLock({ connection, log: silent, onLost: () => {} })
  await third.release()

  expect(second).toBeInstanceOf(RefusedError)
  expect(String(second)).toContain(`Dân hỏi already runs on this database`)
  expect(String(second)).toContain(`as process ${process.pid}`)
})

it('a lock lost with its connection is taken again', async () => {
  const lock = await holdProgramLock({ connection, log: silent, onLost: () => {} })
  onTestFinished(() => lock.release())
  const before = await holder()

  await pool.query('select pg_terminate_backend($1)', [before?.pid])

  const after = await until(async () => {
    const now = await holder()
    return now && now.pid !== before?.pid && now
  })
  expect(after.name).toBe(before?.name)
})

it('a lock that another program took meanwhile is lost, and the program is told to end', async () => {
  const { promise: lost, resolve: onLost } = Promise.withResolvers<Error>()
  const lock = await holdProgramLock({ connection, log: silent, onLost })
  const other = new pg.Client({ ...connection, application_name: 'danhoi program 4711 ffffffff' })
  await other.connect()
  const waiting = other.query('select pg_advisory_lock($1, $2)', [0x64686f69, advisoryLocks.program])
  await until(async () => (await pool.query(waitingHere)).rowCount, { what: 'the other program waits for the lock' })

  await pool.query('select pg_terminate_backend($1)', [(await holder())?.pid])
  await waiting

  expect((await lost).message).toContain('already runs on this database')
  expect((await lost).message).toContain('as process 4711')
  await other.end()
  await lock.release()
})

async function holder(): ReturnType<typeof lockHolder> {
  const client = await pool.connect()
  try {
    return await lockHolder(client, advisoryLocks.program)
  } finally {
    client.release()
  }
}
