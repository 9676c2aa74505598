import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { type Connection, type Db, openDb, openPool } from '../../src/db/client.ts'
import { templateName } from './global-setup.ts'
import { until } from './until.ts'

export interface TestDatabase {
  readonly db: Db
  readonly pool: pg.Pool
  readonly connection: Connection
}

/**
 * A migrated database of this test file's own, with BullMQ's schema in it, dropped when the file is done. At the top of
 * the file: `const { db } = await testDatabase()`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { connection, drop } = await createTestDatabase({ from: templateName })
  const pool = openPool(connection, 'app,public', 8, () => {})
  afterAll(async () => {
    await pool.end()
    await drop()
  })
  return { db: openDb(pool), pool, connection }
}

/** An empty database, for tests about how a schema comes about; the caller drops it. */
export async function createTestDatabase(
  options: { readonly from?: string } = {},
): Promise<{ readonly connection: Connection; drop(): Promise<void> }> {
  const name = `danhoi_test_${randomBytes(6).toString('hex')}`
  await onServer((server) => server.query(`create database ${name} template ${options.from ?? 'template0'}`))
  return {
    connection: { ...inject('testServer'), database: name },
    drop: () => onServer((server) => drop(server, name)),
  }
}

/**
 * A pool says that it has ended a moment before its connections are gone: dropped at once, they would end in an error.
 * One that a test left open is cut off in the end, so that it does not fail others.
 */
async function drop(server: pg.Client, name: string): Promise<void> {
  const isFree = async (): Promise<boolean> =>
    (await server.query('select from pg_stat_activity where datname = $1', [name])).rowCount === 0
  await until(isFree, { timeoutMs: 10_000 }).catch(() => {})
  await server.query(`drop database ${name} with (force)`)
}

async function onServer(work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client(inject('testServer'))
  await server.connect()
  try {
    await work(server)
  } finally {
    await server.end()
  }
}
