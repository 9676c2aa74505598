import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { type Step, step } from '../lib/failpoint.ts'
import type { DB } from './schema.generated.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>

export type Pool = pg.Pool

/** How to reach a PostgreSQL: an address, or the folder of a unix socket with a user and a database. */
export type Connection = pg.ClientConfig

/** A pool whose sessions see `searchPath` first. pg emits `error` for idle clients: without a listener that kills us. */
export function openPool(
  connection: Connection,
  searchPath: string,
  max: number,
  onError: (error: Error) => void,
): Pool {
  const pool = new pg.Pool({
    ...connection,
    max,
    options: `-c search_path=${searchPath} -c timezone=UTC`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'danhoi',
  })
  // A pool that is being closed loses its connections by intent: a server stopped right after it may be the faster one.
  pool.on('error', (error) => {
    if (!pool.ending) onError(error)
  })
  pool.setMaxListeners(0)
  return pool
}

/** Typed access to our schema through a pool of ours. */
export function openDb(pool: Pool): Db {
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/**
 * One transaction, SQL only: no network and no enqueue inside. The step names its commit for fault runs; null when the
 * work came to nothing, because then there is nothing that a crash could take apart.
 */
export async function transaction<T>(
  db: Db,
  name: Step | ((result: T) => Step | null),
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const tx = await db.startTransaction().execute()
  try {
    const result = await work(tx)
    const commit = (): Promise<void> => tx.commit().execute()
    const named = typeof name === 'function' ? name(result) : name
    await (named === null ? commit() : step(named, commit))
    return result
  } catch (error) {
    if (!tx.isCommitted && !tx.isRolledBack) await tx.rollback().execute()
    throw error
  }
}
