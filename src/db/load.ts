import pg from 'pg'
import { RefusedError } from '../lib/errors.ts'
import { advisoryLocks, tryLock } from './advisory-lock.ts'
import type { Connection } from './client.ts'
import { type AppliedMigration, buildSchema } from './migrate.ts'
import { exactText, type TableShape, tableShapes } from './snapshot.ts'

/**
 * A schema that is there from the end of a restore until somebody has seen to what the backup calls unsent: a restore
 * that is cut off in between must not be forgotten.
 */
export const restoredMark = 'danhoi_restored'

/** Fills an empty database, in one transaction: all of it is there after `commit`, or nothing. */
export interface Loading {
  /** Adds rows given as a snapshot gave them; the number added. */
  add(table: TableShape, lines: readonly string[]): Promise<number>
  /** Checks every reference between the tables, puts the sequences where they were, and makes it all real. */
  commit(sequences: Readonly<Record<string, string>>): Promise<void>
  rollback(): Promise<void>
}

/** Builds the schema that the data was taken from and makes it ready to be filled. */
export async function openLoading(
  connection: Connection,
  from: {
    readonly folder: string
    readonly migrations: readonly AppliedMigration[]
    readonly tables: readonly TableShape[]
  },
): Promise<Loading> {
  const session = new pg.Client({ ...connection, application_name: 'danhoi restore' })
  session.on('error', () => {}) // the query under way is rejected with it
  await session.connect()
  try {
    await session.query('begin')
    await refuseUnlessEmpty(session)
    await buildSchema(session, from.folder, from.migrations)
    for (const setting of exactText) await session.query(setting)
    await refuseOtherShape(session, from.tables)
    for (const { name } of from.tables) await session.query(`alter table ${path(session, name)} disable trigger user`)
    const references = await dropReferences(session)
    await session.query(`truncate ${from.tables.map(({ name }) => path(session, name)).join(', ')}`) // rows of migrations
    return {
      add: (table, lines) => add(session, table, lines),
      commit: async (sequences) => {
        for (const { table, name, definition } of references)
          await session.query(
            `alter table ${path(session, table)} add constraint ${session.escapeIdentifier(name)} ${definition}`,
          )
        for (const { name } of from.tables)
          await session.query(`alter table ${path(session, name)} enable trigger user`)
        for (const [name, last] of Object.entries(sequences))
          await session.query('select setval($1::regclass, $2::bigint)', [path(session, name), last])
        // Outside `app`, so that no snapshot takes it for data. It goes when what was unsent has been distrusted.
        await session.query(`create schema ${restoredMark}`)
        await session.query('commit')
        await session.query('analyze')
        await session.end()
      },
      rollback: () => session.end(),
    }
  } catch (error) {
    await session.end()
    throw error
  }
}

function path(session: pg.Client, name: string): string {
  return `app.${session.escapeIdentifier(name)}`
}

/** Another restore at the same time counts as data, too. */
async function refuseUnlessEmpty(session: pg.Client): Promise<void> {
  const { rows } = await session.query<{ holds: boolean }>(
    `select exists (select from pg_class where relnamespace = to_regnamespace('app') and relkind in ('r', 'p')) as holds`,
  )
  if (rows[0]?.holds === false && (await tryLock(session, advisoryLocks.migrate))) return
  throw new RefusedError(
    'this database is not empty: a backup is restored only into a new DATA_DIR or an empty database',
  )
}

async function refuseOtherShape(session: pg.Client, tables: readonly TableShape[]): Promise<void> {
  const here = await tableShapes(session)
  if (JSON.stringify(here) === JSON.stringify(tables)) return
  throw new RefusedError('the tables of this backup are not those that its own migrations make: it cannot be restored')
}

interface Reference {
  readonly table: string
  readonly name: string
  readonly definition: string
}

/** Tables may refer to each other in circles, and to themselves: references come off and are checked at the end. */
async function dropReferences(session: pg.Client): Promise<Reference[]> {
  const { rows } = await session.query<Reference>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k join pg_class c on c.oid = k.conrelid
      where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = 'app'::regnamespace
      order by c.relname, k.conname`,
  )
  for (const { table, name } of rows)
    await session.query(`alter table ${path(session, table)} drop constraint ${session.escapeIdentifier(name)}`)
  return rows
}

async function add(session: pg.Client, table: TableShape, lines: readonly string[]): Promise<number> {
  const types = await columnTypes(session, table)
  const columns = table.columns.map((column) => session.escapeIdentifier(column)).join(', ')
  const values = types.map((type, index) => `(r->>${index})::${type}`).join(', ')
  const { rowCount } = await session.query(
    `insert into ${path(session, table.name)} (${columns}) overriding system value
     select ${values} from jsonb_array_elements($1::jsonb) r`,
    [`[${lines.join(',')}]`],
  )
  return rowCount ?? 0
}

async function columnTypes(session: pg.Client, table: TableShape): Promise<string[]> {
  const { rows } = await session.query<{ type: string }>(
    `select format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [path(session, table.name)],
  )
  return rows.map(({ type }) => type)
}
