import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { backupBeforeMigration, backupNightly } from '../../src/backup/nightly.ts'
import { restore } from '../../src/backup/restore.ts'
import { listBackups } from '../../src/backup/retention.ts'
import { openPool } from '../../src/db/client.ts'
import { migrate, migrationsFolder } from '../../src/db/migrate.ts'
import { createLog } from '../../src/lib/log.ts'
import { createTestDatabase, testDatabase } from '../support/database.ts'

const { connection, pool } = await testDatabase()
const log = createLog('silent')
const night = new Date('2026-11-24T02:00:00+07:00')

it('of processes that ask together one makes the backup of the night, and later ones find it made', async () => {
  const dir = await temporaryDir()
  const ask = (now: Date): ReturnType<typeof backupNightly> =>
    backupNightly({ connection, dir, filesFolder: null, now, log })

  const asked = await Promise.all([ask(night), ask(night), ask(night)])
  const later = await ask(new Date('2026-11-24T23:00:00+07:00'))
  const next = await ask(new Date('2026-11-25T02:00:00+07:00'))

  expect(asked.filter((made) => made !== null)).toHaveLength(1)
  expect(later).toBeNull()
  expect((await listBackups(dir)).map(({ folder }) => folder)).toEqual([next?.folder, expect.any(String)])
})

it("the product's own schema comes back from its backup and accepts its migrations as applied", async () => {
  const dir = await temporaryDir()
  await pool.query(`insert into app.counters values ('2026-11-24', 'signature', 'bad', 9007199254740993)`)
  const made = await backupNightly({ connection, dir, filesFolder: null, now: night, log })
  const target = await createTestDatabase()
  const restored = openPool(target.connection, 'app,public', 2, () => {})
  onTestFinished(async () => {
    await restored.end()
    await target.drop()
  })

  await restore({ connection: target.connection, from: made?.folder ?? '', migrationsFolder, filesFolder: null })

  expect((await migrate(restored, { folder: migrationsFolder })).applied).toEqual([])
  expect((await restored.query('select amount from app.counters')).rows).toEqual([{ amount: '9007199254740993' }])
  expect((await restored.query('select name from app.switches')).rows).toEqual(
    (await pool.query('select name from app.switches')).rows,
  )
})

it('before a migration a backup of its own kind is made', async () => {
  const dir = await temporaryDir()

  await backupBeforeMigration(pool, dir, log)

  expect((await listBackups(dir)).map(({ kind }) => kind)).toEqual(['migration'])
})

it('on a disk that is nearly full no backup is made and nothing is left lying there', async ({ skip }) => {
  const dir = await temporaryDir()
  const mounted = await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', dir]).catch(() => null)
  if (!mounted) return skip('mounting a small disk is not possible here')
  onTestFinished(async () => {
    await promisify(execFile)('umount', [dir])
  })

  await expect(backupNightly({ connection, dir, filesFolder: null, now: night, log })).rejects.toThrow(
    /^no backup was made in .+: its disk has only \d MB left$/,
  )
  expect(await readdir(dir)).toEqual([])
})

async function temporaryDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-nightly-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
