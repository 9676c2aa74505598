import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { type Connection, type Db, openDb, openPool } from '../../src/db/client.ts'
import { templateName } from './global-setup.ts'

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
  await order(`create database ${name} template ${options.from ?? 'template0'}`)
  return {
    connection: { ...inject('testServer'), database: name },
    drop: () => order(`drop database ${name} with (force)`), // a test that left a connection open must not fail others
  }
}

async function order(statement: string): Promise<void> {
  const client = new pg.Client(inject('testServer'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
