import { runMigrations } from 'bullmq'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import type { Connection } from '../../src/db/client.ts'
import { migrate, migrationsFolder } from '../../src/db/migrate.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run, and a database there to give orders from. */
    testServer: Connection
  }
}

/** What every test file's database is cloned from. */
export const templateName = 'danhoi_template'

/** One server a run. Tests alone may do without fsync; those about the store's life start servers of their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowaway({ settings: { max_connections: '200', shared_buffers: '64MB' } })
  await createTemplate(server.connection)
  project.provide('testServer', server.connection)
  return () => server.close()
}

async function createTemplate(connection: Connection): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  await client.query(`create database ${templateName}`)
  const pool = new pg.Pool({ ...connection, database: templateName, max: 2 })
  await migrate(pool, { folder: migrationsFolder })
  const session = await pool.connect()
  await runMigrations(session, 'bullmq')
  session.release(true)
  await pool.end()
  await client.query(`alter database ${templateName} with is_template true allow_connections false`)
  await client.end()
}
