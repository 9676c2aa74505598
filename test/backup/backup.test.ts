import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { type Backup, backup } from '../../src/backup/backup.ts'
import { keySentence, readManifest } from '../../src/backup/manifest.ts'
import { restore } from '../../src/backup/restore.ts'
import type { Connection } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createTestDatabase } from '../support/database.ts'

/** Every kind of column the product may have, references in a circle, a trigger that forbids, and rows of its own. */
const schema = {
  '0001_things.sql': `
    create type mood as enum ('calm', 'cross');
    create table things (
      id bigint generated always as identity primary key,
      body bytea, at timestamptz, day date, facts jsonb, raw json, amount numeric, share double precision, note text,
      tags text[], ids uuid[], mood mood, span interval, flag boolean, small smallint, code varchar(9),
      folded text generated always as (lower(note)) stored,
      parent_id bigint references things (id),
      child_id bigint
    );
    create table children (id serial primary key, thing_id bigint not null references things (id));
    alter table things add foreign key (child_id) references children (id) deferrable initially deferred;
    create table switches (name text primary key, is_on boolean not null);
    insert into switches values ('publishing', true);
    create function forbid() returns trigger language plpgsql as $$ begin raise exception 'append only'; end $$;
    create trigger forbid before insert or delete on children for each row execute function forbid();`,
}
const later = { '0002_more.sql': `alter table things add column seen boolean not null default false;` }

const rows = `
  alter table app.children disable trigger forbid;
  insert into app.things (body, at, day, facts, raw, amount, share, note, tags, ids, mood, span, flag, small, code) values
    ('\\x00ff0a0d5c22', '2026-11-24 07:30:00.123456+07', '2026-11-24', '{"a": null, "n": 12345678901234567890.123456789012345678}',
     '{"b":  1,"a": 2, "a": 3}', 123456789012345678901234567890.000100, 0.1, E'Xin hỏi\\nđường "đê"\\r\\t\\\\', '{a,NULL,"",", \\""}',
     '{0198c0de-0000-7000-8000-000000000001}', 'cross', '1 mon -2 days 03:04:05.000006', true, -32768, 'DH-7KM'),
    ('', 'infinity', '-infinity', 'null', 'null', 'NaN', 'Infinity', '', '{}', null, null, '0', false, 0, ''),
    (null, null, null, null, null, null, '-0', null, null, null, null, null, null, null, null),
    (null, '0001-01-01 00:00:00+00 BC', null, '"\\u2028"', null, '-0.0', '5e-324', E'a\\u2028b\\u0085c\\U0001F4A7', null, null, null, null, null, null, null);
  insert into app.children (thing_id) select id from app.things;
  update app.things set parent_id = id, child_id = id;
  alter table app.children enable trigger forbid;
  update app.switches set is_on = false;
  select nextval('app.children_id_seq'), nextval('app.children_id_seq')`

it('what comes back is exactly what was there, for every kind of column, with references and sequences', async () => {
  const source = await databaseWith(schema, rows)
  const target = await emptyDatabase()

  const made = await backupOf(source)
  await restore({
    connection: target.connection,
    from: made.folder,
    migrationsFolder: source.folder,
    filesFolder: null,
  })

  for (const table of ['things', 'children', 'switches'])
    expect(await digest(target.pool, table)).toEqual(await digest(source.pool, table))
  expect(made.manifest.tables.map(({ name, rows }) => [name, rows])).toEqual([
    ['children', 4],
    ['switches', 1],
    ['things', 4],
  ])
  expect((await target.pool.query(`select nextval('app.things_id_seq') as n`)).rows).toEqual([{ n: '5' }])
  expect((await target.pool.query(`select nextval('app.children_id_seq') as n`)).rows).toEqual([{ n: '7' }])
  await expect(target.pool.query('delete from app.children')).rejects.toThrow('append only')
  expect(await references(target.pool)).toEqual(await references(source.pool))
})

it('rows too large to be fetched many at once come along with the small ones', async () => {
  const source = await databaseWith(
    schema,
    `insert into app.things (body, note) select decode(string_agg(md5((n * 7919 + g)::text), ''), 'hex'), 'large'
       from generate_series(1, 3) n, generate_series(1, 60000) g group by n;
     insert into app.things (note) select 'small' from generate_series(1, 700)`,
  )
  const target = await emptyDatabase()

  const made = await backupOf(source)
  await restore({
    connection: target.connection,
    from: made.folder,
    migrationsFolder: source.folder,
    filesFolder: null,
  })

  expect((await target.pool.query('select count(*)::int, max(length(body)) from app.things')).rows).toEqual([
    { count: 703, max: 960_000 },
  ])
  expect(await digest(target.pool, 'things')).toEqual(await digest(source.pool, 'things'))
})

it('any text, JSON and bytes survive the way there and back', async () => {
  const source = await databaseWith(schema)
  const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ note: text, facts: fc.jsonValue(), body: fc.uint8Array() }), {
        minLength: 1,
        maxLength: 20,
      }),
      async (values) => {
        await source.pool.query('truncate app.things, app.children')
        for (const { note, facts, body } of values)
          await source.pool.query('insert into app.things (note, facts, body) values ($1, $2::json::jsonb, $3)', [
            note,
            JSON.stringify(facts).replaceAll('\\u0000', ''),
            Buffer.from(body),
          ])
        const target = await emptyDatabase()

        const made = await backupOf(source)
        await restore({
          connection: target.connection,
          from: made.folder,
          migrationsFolder: source.folder,
          filesFolder: null,
        })

        expect(await digest(target.pool, 'things')).toEqual(await digest(source.pool, 'things'))
      },
    ),
    { numRuns: 5 },
  )
})

it('a backup is one moment: what is written while it runs is in the next', async () => {
  const source = await databaseWith(schema, rows)
  const writer = new pg.Client(source.connection)
  await writer.connect()
  await writer.query('begin')
  await writer.query(`insert into app.things (note) values ('not yet committed')`)

  const made = await backupOf(source)
  await writer.query('commit')
  await writer.end()

  expect(made.manifest.tables.find(({ name }) => name === 'things')?.rows).toBe(4)
})

it('an older backup is restored at its own schema and then goes forward like any database', async () => {
  const source = await databaseWith(schema, rows)
  const target = await emptyDatabase()
  const made = await backupOf(source)
  for (const [name, sql] of Object.entries(later)) await writeFile(join(source.folder, name), sql)

  await restore({
    connection: target.connection,
    from: made.folder,
    migrationsFolder: source.folder,
    filesFolder: null,
  })
  const forward = await migrate(target.pool, { folder: source.folder })

  expect(forward).toEqual({ applied: ['0002_more.sql'], version: 2 })
  expect((await target.pool.query('select distinct seen from app.things')).rows).toEqual([{ seen: false }])
})

it('a backup made by a newer version, or by other migrations, is refused before anything is written', async () => {
  const source = await databaseWith({ ...schema, ...later }, rows)
  const target = await emptyDatabase()
  const made = await backupOf(source)
  const older = await folderOf(schema)
  const other = await folderOf({ ...schema, '0002_more.sql': 'select 1;' })

  const from = { connection: target.connection, from: made.folder, filesFolder: null }
  await expect(restore({ ...from, migrationsFolder: older })).rejects.toThrow(
    'newer version of this program (0002_more.sql)',
  )
  await expect(restore({ ...from, migrationsFolder: other })).rejects.toThrow('0002_more.sql was changed')
  expect(await tableCount(target.pool)).toBe(0)
})

it('a database that holds anything is refused and left as it is', async () => {
  const source = await databaseWith(schema, rows)
  const made = await backupOf(source)
  const target = await databaseWith(schema, `insert into app.things (note) values ('mine')`)

  await expect(
    restore({ connection: target.connection, from: made.folder, migrationsFolder: source.folder, filesFolder: null }),
  ).rejects.toThrow('this database is not empty')

  expect((await target.pool.query('select note from app.things')).rows).toEqual([{ note: 'mine' }])
})

it.each([
  ['changed', (file: string) => writeFile(file, 'x'), 'the backup is damaged: tables/things.jsonl.gz was changed'],
  ['missing', (file: string) => rm(file), 'the backup is incomplete: tables/things.jsonl.gz is missing'],
])('a backup with a file %s is refused by its name before anything is written', async (_name, harm, sentence) => {
  const source = await databaseWith(schema, rows)
  const target = await emptyDatabase()
  const made = await backupOf(source)
  await harm(join(made.folder, 'tables', 'things.jsonl.gz'))

  await expect(
    restore({ connection: target.connection, from: made.folder, migrationsFolder: source.folder, filesFolder: null }),
  ).rejects.toThrow(sentence)

  expect(await tableCount(target.pool)).toBe(0)
})

it('a restore that fails half way leaves the database empty, ready for another', async () => {
  const source = await databaseWith(schema, rows)
  const target = await emptyDatabase()
  const made = await backupOf(source)
  const manifest = join(made.folder, 'manifest.json')
  const text = await readFile(manifest, 'utf8')
  await chmod(manifest, 0o600)
  await writeFile(manifest, text.replace('"rows": 4', '"rows": 5'))
  const from = { connection: target.connection, migrationsFolder: source.folder, filesFolder: null }

  await expect(restore({ ...from, from: made.folder })).rejects.toThrow('holds 4 rows instead of 5')
  expect(await tableCount(target.pool)).toBe(0)

  await writeFile(manifest, text)
  await restore({ ...from, from: made.folder })
  expect(await digest(target.pool, 'things')).toEqual(await digest(source.pool, 'things'))
})

it.each([['../../etc/passwd'], ['/etc/passwd'], ['files/../../x']])(
  'a manifest whose path is %s is refused',
  async (path) => {
    const source = await databaseWith(schema, rows)
    const made = await backupOf(source)
    const manifest = join(made.folder, 'manifest.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('tables/things.jsonl.gz', path))

    await expect(readManifest(made.folder)).rejects.toThrow('is damaged')
  },
)

it('a folder of backups stands for its newest, and one without a finished backup is refused', async () => {
  const source = await databaseWith(schema, rows)
  const target = await emptyDatabase()
  const dir = await temporaryDir()
  await backupOf(source, { dir, now: new Date('2026-11-23T19:00:00Z') })
  const newest = await backupOf(source, { dir, now: new Date('2026-11-24T19:00:00Z') })
  const from = { connection: target.connection, migrationsFolder: source.folder, filesFolder: null }

  await expect(restore({ ...from, from: await temporaryDir() })).rejects.toThrow('holds no finished backup')
  expect((await restore({ ...from, from: dir })).folder).toBe(newest.folder)
})

it('files come along, unchanged ones are stored once, and only the owner may read any of it', async () => {
  const source = await databaseWith(schema, rows)
  const target = await emptyDatabase()
  const [files, dir, restored] = [await temporaryDir(), await temporaryDir(), join(await temporaryDir(), 'files')]
  await mkdir(join(files, 'ảnh'))
  await writeFile(join(files, 'ảnh', 'ổ gà.jpg'), 'photo')

  const first = await backupOf(source, { dir, filesFolder: files, now: new Date('2026-11-23T19:00:00Z') })
  const second = await backupOf(source, { dir, filesFolder: files, now: new Date('2026-11-24T19:00:00Z') })
  await restore({
    connection: target.connection,
    from: second.folder,
    migrationsFolder: source.folder,
    filesFolder: restored,
  })

  const [one, two] = await Promise.all([first, second].map(({ folder }) => stat(join(folder, 'files/ảnh/ổ gà.jpg'))))
  expect(await readFile(join(restored, 'ảnh', 'ổ gà.jpg'), 'utf8')).toBe('photo')
  expect(one?.ino).toBe(two?.ino)
  expect((await stat(second.folder)).mode & 0o077).toBe(0)
})

it('a backup says that the key is not in it', async () => {
  const made = await backupOf(await databaseWith(schema, rows))

  expect(await readManifest(made.folder)).toMatchObject({ secrets: keySentence })
  expect(keySentence).toContain('SECRET_KEY, which is not part of it')
})

it('what a killed backup left behind is removed, and is never taken for a backup', async () => {
  const source = await databaseWith(schema, rows)
  const dir = await temporaryDir()
  await mkdir(join(dir, 'danhoi-manual-2026-11-20T19-00-00-000Z.unfinished-1'))

  const made = await backupOf(source, { dir })

  expect(await readdir(dir)).toEqual([made.folder.slice(dir.length + 1)])
})

it('a place that cannot be written is named in one sentence', async () => {
  const source = await databaseWith(schema, rows)
  const dir = await temporaryDir()
  await writeFile(join(dir, 'file'), '')

  await expect(backupOf(source, { dir: join(dir, 'file') })).rejects.toThrow(
    `no backup was made in ${join(dir, 'file')}: it is not a folder`,
  )
})

interface Prepared {
  readonly connection: Connection
  readonly pool: pg.Pool
  readonly folder: string
}

async function emptyDatabase(): Promise<{ connection: Connection; pool: pg.Pool }> {
  const { connection, drop } = await createTestDatabase()
  const pool = new pg.Pool({ ...connection, max: 2 })
  onTestFinished(async () => {
    await pool.end()
    await drop()
  })
  return { connection, pool }
}

async function databaseWith(files: Readonly<Record<string, string>>, data = ''): Promise<Prepared> {
  const database = await emptyDatabase()
  const folder = await folderOf(files)
  await migrate(database.pool, { folder })
  if (data) await database.pool.query(data)
  return { ...database, folder }
}

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryDir()
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
  return folder
}

async function temporaryDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-backup-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function backupOf(
  { connection }: Prepared,
  options: { readonly dir?: string; readonly now?: Date; readonly filesFolder?: string } = {},
): Promise<Backup> {
  return backup({
    connection,
    dir: options.dir ?? (await temporaryDir()),
    kind: 'manual',
    now: options.now ?? new Date('2026-11-24T19:00:00Z'),
    filesFolder: options.filesFolder ?? null,
  })
}

/** Every value in the server's own binary form, so that nothing hides behind a text form. */
async function digest(pool: pg.Pool, table: string): Promise<unknown[]> {
  const { rows: columns } = await pool.query<{ value: string }>(
    `select quote_ident(column_name) || case when data_type = 'USER-DEFINED' then '::text' else '' end as value
       from information_schema.columns where table_schema = 'app' and table_name = $1 order by ordinal_position`,
    [table],
  )
  const values = columns.map(({ value }) => value).join(', ') // an enum's binary form carries a number of its database
  const { rows } = await pool.query(
    `select md5(record_send(row(${values}))) as row from app.${table} t order by t::text`,
  )
  return rows
}

async function references(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select conname, pg_get_constraintdef(oid) from pg_constraint
      where contype = 'f' and connamespace = 'app'::regnamespace order by 1`,
  )
  return rows
}

async function tableCount(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(`select 1 from pg_tables where schemaname = 'app'`)
  return rowCount ?? 0
}
