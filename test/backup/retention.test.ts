import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import {
  type BackupKind,
  backupName,
  isNightlyDue,
  type KeptBackup,
  listBackups,
  removeOld,
} from '../../src/backup/retention.ts'

const at = (time: string): Date => new Date(`${time}+07:00`)
const nightly = (time: string): KeptBackup => ({ folder: '', kind: 'nightly', at: at(time) })

it.each<[string, string, KeptBackup[], boolean]>([
  ['none was ever made', '2026-11-24T01:00', [], true],
  ['the night of 2 a.m. has one', '2026-11-24T09:00', [nightly('2026-11-24T02:05')], false],
  ['it is not 2 a.m. yet and the last night has one', '2026-11-24T01:59', [nightly('2026-11-23T02:00')], false],
  ['2 a.m. has come', '2026-11-24T02:00', [nightly('2026-11-23T02:00')], true],
  ['the machine was off at night', '2026-11-24T08:00', [nightly('2026-11-23T02:00')], true],
  ['tonight has only one by hand', '2026-11-24T08:00', [{ ...nightly('2026-11-24T02:30'), kind: 'manual' }], true],
])('%s: due is decided by the last 2 a.m. in Vietnam', (_name, now, backups, due) => {
  expect(isNightlyDue(at(now), backups)).toBe(due)
})

it('asked at any times, exactly one is made a night', () => {
  const start = at('2026-11-24T02:00').getTime()
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 * 24 * 60 - 1 }), { minLength: 1, maxLength: 60 }), (minutes) => {
      const made: KeptBackup[] = []
      for (const minute of minutes.toSorted((a, b) => a - b)) {
        const now = new Date(start + minute * 60_000)
        if (isNightlyDue(now, made)) made.push({ folder: '', kind: 'nightly', at: now })
      }

      expect(made.length).toBe(new Set(minutes.map((minute) => Math.floor(minute / (24 * 60)))).size)
    }),
  )
})

it('the newest 14 nightly ones stay, whatever was made by hand or before updates', async () => {
  const dir = await temporaryDir()
  for (let day = 1; day <= 20; day++) await place(dir, 'nightly', new Date(Date.UTC(2026, 10, day, 19)))
  for (let hour = 0; hour < 5; hour++) await place(dir, 'migration', new Date(Date.UTC(2026, 10, 21, hour)))
  await place(dir, 'manual', new Date(Date.UTC(2026, 9, 1)))

  await removeOld(dir, 'nightly')
  await removeOld(dir, 'migration')

  const left = await listBackups(dir)
  expect(left.filter(({ kind }) => kind === 'nightly').map((backup) => backup.at.getUTCDate())).toEqual([
    20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7,
  ])
  expect(left.filter(({ kind }) => kind === 'migration').map((backup) => backup.at.getUTCHours())).toEqual([4, 3, 2])
  expect(left.filter(({ kind }) => kind === 'manual')).toHaveLength(1)
})

it('what is no backup of ours is neither listed nor removed', async () => {
  const dir = await temporaryDir()
  await mkdir(join(dir, backupName('nightly', at('2026-11-24T02:00')))) // no manifest: not finished
  await mkdir(join(dir, 'danhoi-nightly-2026-13-99T00-00-00-000Z'))
  await writeFile(join(dir, 'notes.txt'), 'mine')

  expect(await listBackups(dir)).toEqual([])
  await removeOld(dir, 'nightly')
  expect(await readdir(dir)).toHaveLength(3)
})

it('a name tells its kind and moment', async () => {
  const dir = await temporaryDir()
  const moment = new Date('2026-11-24T19:00:00.123Z')
  await place(dir, 'manual', moment)

  expect(await listBackups(dir)).toEqual([
    { folder: join(dir, 'danhoi-manual-2026-11-24T19-00-00-123Z'), kind: 'manual', at: moment },
  ])
})

async function temporaryDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-retention-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function place(dir: string, kind: BackupKind, moment: Date): Promise<void> {
  const folder = join(dir, backupName(kind, moment))
  await mkdir(folder)
  await writeFile(join(folder, 'manifest.json'), '{}')
}
