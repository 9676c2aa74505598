import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { type Migrated, migrate, schemaVersion } from '../../src/db/migrate.ts'
import { createTestDatabase } from '../support/database.ts'

const units = 'create table units (id integer primary key, name text not null);'
const officers = 'create table officers (id integer primary key, unit_id integer references units (id));'

it('the files of an empty database are applied in order, once, into schema app', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({ '0001_units.sql': units, '0002_officers.sql': officers })

  const first = await migrate(pool, { folder })
  const again = await migrate(pool, { folder })

  expect(first).toEqual({ applied: ['0001_units.sql', '0002_officers.sql'], version: 2 })
  expect(again).toEqual({ applied: [], version: 2 })
  expect(await tables(pool)).toEqual(['officers', 'schema_migrations', 'units'])
})

it('a migration that fails leaves nothing of itself and everything before it', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({
    '0001_units.sql': units,
    '0002_broken.sql': `create table half (id integer); insert into nowhere values (1);`,
  })

  await expect(migrate(pool, { folder })).rejects.toThrow('migration 0002_broken.sql failed and was rolled back')

  expect(await schemaVersion(pool)).toBe(1)
  expect(await tables(pool)).toEqual(['schema_migrations', 'units'])
})

it('two programs that start together apply each file once', async () => {
  const [one, two, folder] = [
    await emptyDatabase(),
    await emptyDatabase(),
    await folderOf({ '0001_units.sql': `${units} select pg_sleep(0.1);`, '0002_officers.sql': officers }),
  ]
  const beside = new pg.Pool(one.options)
  onTestFinished(() => beside.end())

  const both = await Promise.all([migrate(one, { folder }), migrate(beside, { folder })])

  expect(both.flatMap(({ applied }: Migrated) => applied)).toEqual(['0001_units.sql', '0002_officers.sql'])
  expect(await schemaVersion(two)).toBe(0)
})

it('an applied file that was changed is refused by name; other ends of lines are no change', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({ '0001_units.sql': `${units}\n-- first\n` })
  await migrate(pool, { folder })

  await writeFile(join(folder, '0001_units.sql'), `${units}\r\n-- first\r\n`)
  await expect(migrate(pool, { folder })).resolves.toEqual({ applied: [], version: 1 })

  await writeFile(join(folder, '0001_units.sql'), `${units} -- second thought`)
  await expect(migrate(pool, { folder })).rejects.toThrow(
    'migration 0001_units.sql was changed after it had been applied',
  )
})

it('a schema newer than the program is refused with both names', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({ '0001_units.sql': units, '0002_officers.sql': officers })
  await migrate(pool, { folder })
  await rm(join(folder, '0002_officers.sql'))

  await expect(migrate(pool, { folder })).rejects.toThrow(
    'changed by a newer version of this program (0002_officers.sql); this one knows it up to 0001_units.sql',
  )
})

it('an applied file that is missing is refused', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({ '0001_units.sql': units, '0002_officers.sql': officers })
  await migrate(pool, { folder })
  await rm(join(folder, '0001_units.sql'))

  await expect(migrate(pool, { folder })).rejects.toThrow('0001_units.sql is applied to the database but missing')
})

it('the moment for a backup comes once, before the first change, and not on an empty database', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({ '0001_units.sql': units })
  const seen: number[] = []
  const before = async (): Promise<void> => {
    seen.push(await schemaVersion(pool))
  }
  await migrate(pool, { folder, before })
  await writeFile(join(folder, '0002_officers.sql'), officers)
  await writeFile(join(folder, '0003_more.sql'), 'create table more (id integer);')

  await migrate(pool, { folder, before })
  await migrate(pool, { folder, before })

  expect(seen).toEqual([1])
})

it('nothing is changed when the backup before it fails', async () => {
  const pool = await emptyDatabase()
  const folder = await folderOf({ '0001_units.sql': units })
  await migrate(pool, { folder })
  await writeFile(join(folder, '0002_officers.sql'), officers)

  await expect(migrate(pool, { folder, before: () => Promise.reject(new Error('disk full')) })).rejects.toThrow(
    'disk full',
  )

  expect(await schemaVersion(pool)).toBe(1)
})

it.each([
  [
    'a name without a number',
    { 'units.sql': units },
    'expected a migration named like "0007_routing.sql", got "units.sql"',
  ],
  [
    'a number used twice',
    { '0001_a.sql': units, '0001_b.sql': officers },
    'two migrations have the number of 0001_b.sql',
  ],
])('%s is refused before anything is applied', async (_name, files, message) => {
  const pool = await emptyDatabase()

  await expect(migrate(pool, { folder: await folderOf(files) })).rejects.toThrow(message)

  expect(await schemaVersion(pool)).toBe(0)
})

async function emptyDatabase(): Promise<pg.Pool> {
  const { connection, drop } = await createTestDatabase()
  const pool = new pg.Pool({ ...connection, max: 3 })
  onTestFinished(async () => {
    await pool.end()
    await drop()
  })
  return pool
}

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
  return folder
}

async function tables(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'app' order by tablename`,
  )
  return rows.map(({ name }) => name)
}
