import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { RefusedError } from '../lib/errors.ts'
import { advisoryLocks, unlock, waitForLock } from './advisory-lock.ts'

/** The folder of this product's own migrations. */
export const migrationsFolder = join(import.meta.dirname, 'migrations')

export interface MigrateOptions {
  readonly folder: string
  /** Called once before the first change of a database that holds data: the moment for a backup. */
  readonly before?: () => Promise<void>
}

export interface Migrated {
  /** Names of the files applied now. */
  readonly applied: readonly string[]
  /** Version of the schema now; 0 when there is none. */
  readonly version: number
}

interface Migration {
  readonly version: number
  readonly name: string
  readonly sha256: string
  readonly sql: string
}

/** Brings schema `app` forward, one file and one transaction at a time. Two that start together take turns. */
export async function migrate(pool: pg.Pool, options: MigrateOptions): Promise<Migrated> {
  const files = await readMigrations(options.folder)
  const session = await pool.connect()
  try {
    await waitForLock(session, advisoryLocks.migrate)
    try {
      return await migrateLocked(session, files, options)
    } finally {
      await unlock(session, advisoryLocks.migrate)
    }
  } finally {
    session.release(true) // not back into the pool: whoever used it next would inherit a broken lock or setting
  }
}

/**
 * Builds exactly the schema that `wanted` describes, in the caller's transaction and on a database that has none: the
 * first half of a restore. Refused when these files are not the ones that made it.
 */
export async function buildSchema(
  session: pg.ClientBase,
  folder: string,
  wanted: readonly AppliedMigration[],
): Promise<void> {
  const files = await readMigrations(folder)
  refuseStrangers(files, wanted)
  for (const file of files) if (wanted.some(({ version }) => version === file.version)) await applyInside(session, file)
}

/** The version that this database's schema is at; 0 when it has none of ours. */
export async function schemaVersion(client: pg.ClientBase | pg.Pool): Promise<number> {
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regclass('app.schema_migrations') is not null as known`,
  )
  if (rows[0]?.known !== true) return 0
  const { rows: last } = await client.query<{ version: number | null }>(
    'select max(version) as version from app.schema_migrations',
  )
  return last[0]?.version ?? 0
}

async function migrateLocked(
  session: pg.ClientBase,
  files: readonly Migration[],
  { before }: MigrateOptions,
): Promise<Migrated> {
  const known = await appliedMigrations(session)
  refuseStrangers(files, known)
  const version = known.at(-1)?.version ?? 0
  const due = files.filter((file) => file.version > version)
  if (due.length > 0 && known.length > 0) await before?.()
  for (const file of due) await apply(session, file)
  return { applied: due.map(({ name }) => name), version: due.at(-1)?.version ?? version }
}

async function apply(session: pg.ClientBase, migration: Migration): Promise<void> {
  await session.query('begin')
  try {
    await applyInside(session, migration)
    await session.query('commit')
  } catch (error) {
    await session.query('rollback')
    throw new Error(`migration ${migration.name} failed and was rolled back: ${String(error)}`, { cause: error })
  }
}

async function applyInside(session: pg.ClientBase, { version, name, sha256, sql }: Migration): Promise<void> {
  await session.query('create schema if not exists app')
  await session.query('set local search_path to app, public')
  await session.query('set local statement_timeout to 0')
  await session.query(`create table if not exists app.schema_migrations (
    version integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null
  )`)
  await session.query('insert into app.schema_migrations values ($1, $2, $3, now())', [version, name, sha256])
  await session.query(sql)
}

/** A migration as the database remembers it. */
export type AppliedMigration = Pick<Migration, 'version' | 'name' | 'sha256'>

/** What was applied to this database, in order. */
export async function appliedMigrations(session: pg.ClientBase): Promise<AppliedMigration[]> {
  if ((await schemaVersion(session)) === 0) return []
  const { rows } = await session.query<AppliedMigration>(
    'select version, name, sha256 from app.schema_migrations order by version',
  )
  return rows
}

/** What was applied must be exactly what this program carries: else its code meets a schema that it does not know. */
function refuseStrangers(files: readonly Migration[], known: readonly AppliedMigration[]): void {
  const newest = files.at(-1)?.version ?? 0
  for (const { version, name, sha256 } of known) {
    if (version > newest)
      throw new RefusedError(
        `the database was changed by a newer version of this program (${name}); this one knows it up to ` +
          `${files.at(-1)?.name ?? 'nothing'}: start the newer version, or restore a backup from before`,
      )
    const file = files.find((candidate) => candidate.version === version)
    if (!file) throw new RefusedError(`migration ${name} is applied to the database but missing in this program`)
    if (file.sha256 !== sha256)
      throw new RefusedError(
        `migration ${file.name} was changed after it had been applied to this database: ` +
          'put the file back as it was and add a new one',
      )
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const files: Migration[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    if (!name.endsWith('.sql')) continue
    const version = Number(name.match(/^(\d{4})_[a-z0-9_]+\.sql$/)?.[1])
    if (!version) throw new RefusedError(`expected a migration named like "0007_routing.sql", got "${name}"`)
    if (files.at(-1)?.version === version)
      throw new RefusedError(`two migrations have the number of ${name}: give one of them the next free number`)
    // a checkout on Windows may have changed the ends of lines, which changes nothing
    const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
    files.push({ version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') })
  }
  return files
}
