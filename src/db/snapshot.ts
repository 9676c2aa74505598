import pg from 'pg'
import type { Connection } from './client.ts'
import { type AppliedMigration, appliedMigrations } from './migrate.ts'

export interface TableShape {
  readonly name: string
  /** Stored columns in order; what the database computes itself is left out. */
  readonly columns: readonly string[]
}

/** One moment of the whole schema `app`, readable for as long as it is open. */
export interface Snapshot {
  readonly migrations: readonly AppliedMigration[]
  readonly tables: readonly TableShape[]
  /** Rows of a table as JSON arrays of the columns' text forms, null for null: exact for every type. */
  rows(table: TableShape): AsyncGenerator<readonly string[]>
  /** Last number of each sequence that was ever used. Read after the rows, so never behind them. */
  sequences(): Promise<Readonly<Record<string, string>>>
  close(): Promise<void>
}

/** The text forms of values depend on these; reading and writing must agree. */
export const exactText = [
  `set local datestyle to 'ISO, YMD'`,
  `set local intervalstyle to 'postgres'`,
  `set local timezone to 'UTC'`,
  `set local bytea_output to 'hex'`,
  'set local extra_float_digits to 1',
  'set local statement_timeout to 0',
  `set local search_path to app, public`,
]

/** Opens a snapshot in a session of its own: a slow reader must not hold a connection that the program needs. */
export async function openSnapshot(connection: Connection): Promise<Snapshot> {
  const session = new pg.Client({ ...connection, application_name: 'danhoi backup' })
  session.on('error', () => {}) // the query under way is rejected with it
  await session.connect()
  try {
    await session.query('begin isolation level repeatable read, read only')
    for (const setting of exactText) await session.query(setting)
    const migrations = await appliedMigrations(session)
    const tables = await tableShapes(session)
    return {
      migrations,
      tables,
      rows: (table) => readRows(session, table),
      sequences: () => readSequences(session),
      close: () => session.end(),
    }
  } catch (error) {
    await session.end()
    throw error
  }
}

/** The tables of schema `app` that hold data of ours; which migrations were applied is kept elsewhere. */
export async function tableShapes(session: pg.ClientBase): Promise<TableShape[]> {
  const { rows } = await session.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = to_regnamespace('app') and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> 'schema_migrations' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      group by c.relname order by c.relname`,
  )
  return rows
}

/** Fetched many at once; larger ones, such as a raw delivery of 16 MiB, one by one, so that memory stays bounded. */
const smallBytes = 8_192
const smallAtOnce = 250

async function* readRows(session: pg.Client, table: TableShape): AsyncGenerator<readonly string[]> {
  const columns = table.columns.map((column) => session.escapeIdentifier(column))
  const texts = columns.map((column) => `${column}::text`).join(', ')
  const size = columns.map((column) => `coalesce(pg_column_size(${column}), 0)`).join(' + ')
  const from = `select json_build_array(${texts})::text as line from app.${session.escapeIdentifier(table.name)}`
  yield* fetchAll(session, `${from} where ${size} <= ${smallBytes}`, smallAtOnce)
  yield* fetchAll(session, `${from} where ${size} > ${smallBytes}`, 1)
}

async function* fetchAll(session: pg.Client, select: string, atOnce: number): AsyncGenerator<readonly string[]> {
  await session.query(`declare backup no scroll cursor for ${select}`)
  try {
    for (;;) {
      const { rows } = await session.query<{ line: string }>(`fetch ${atOnce} from backup`)
      if (rows.length === 0) return
      yield rows.map(({ line }) => line)
    }
  } finally {
    await session.query('close backup')
  }
}

async function readSequences(session: pg.Client): Promise<Record<string, string>> {
  const { rows } = await session.query<{ name: string; last: string }>(
    `select sequencename as name, last_value::text as last from pg_sequences
      where schemaname = 'app' and last_value is not null order by sequencename`,
  )
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}
