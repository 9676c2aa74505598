import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { plusMs } from '../lib/clock.ts'
import { manifestName } from './manifest.ts'

/** Each kind is counted apart, so that neither a busy hand nor a failing update pushes the nightly ones out. */
const kept = { nightly: 14, manual: 14, migration: 3 } as const
export type BackupKind = keyof typeof kept

export interface KeptBackup {
  readonly folder: string
  readonly kind: BackupKind
  readonly at: Date
}

/** Name of the backup made at that moment, such as "danhoi-nightly-2026-11-24T19-00-00-000Z". */
export function backupName(kind: BackupKind, at: Date): string {
  return `danhoi-${kind}-${at.toISOString().replaceAll(/[:.]/g, '-')}`
}

/** The manifest is written last: with it a backup is complete. */
export async function isBackup(folder: string): Promise<boolean> {
  return (await stat(join(folder, manifestName)).catch(() => null)) !== null
}

/** The finished backups in a folder, newest first. */
export async function listBackups(dir: string): Promise<KeptBackup[]> {
  const names = await readdir(dir).catch((): string[] => [])
  const found: KeptBackup[] = []
  for (const name of names) {
    const backup = parseName(dir, name)
    if (backup && (await isBackup(backup.folder))) found.push(backup)
  }
  return found.toSorted((a, b) => b.at.getTime() - a.at.getTime())
}

/** Removes the oldest backups of this kind beyond those that are kept. */
export async function removeOld(dir: string, kind: BackupKind): Promise<readonly string[]> {
  const old = (await listBackups(dir)).filter((backup) => backup.kind === kind).slice(kept[kind])
  for (const { folder } of old) await rm(folder, { recursive: true, force: true })
  return old.map(({ folder }) => folder)
}

const vietnamMs = 7 * 3_600_000 // no daylight saving there since 1945
const dayMs = 86_400_000
const nightHourMs = 2 * 3_600_000

/** Whether no nightly backup was made since the last 2 a.m. in Vietnam: after a night switched off it is due at once. */
export function isNightlyDue(now: Date, backups: readonly KeptBackup[]): boolean {
  const sinceNight = (now.getTime() + vietnamMs - nightHourMs) % dayMs
  const night = plusMs(now, -sinceNight)
  return !backups.some(({ kind, at }) => kind === 'nightly' && at >= night)
}

function parseName(dir: string, name: string): KeptBackup | null {
  const [, kind, day, hour, minute, second, ms] =
    name.match(/^danhoi-(nightly|manual|migration)-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/) ?? []
  const at = new Date(`${day}T${hour}:${minute}:${second}.${ms}Z`)
  if ((kind !== 'nightly' && kind !== 'manual' && kind !== 'migration') || Number.isNaN(at.getTime())) return null
  return { folder: join(dir, name), kind, at }
}
