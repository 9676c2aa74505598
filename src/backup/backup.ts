import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection } from '../db/client.ts'
import { diskSpace, diskThresholds } from '../db/disk-space.ts'
import { openSnapshot, type Snapshot } from '../db/snapshot.ts'
import { errorCode, RefusedError } from '../lib/errors.ts'
import { flushFolder } from '../lib/flush-folder.ts'
import { keepFiles } from './files.ts'
import { keySentence, type Manifest, manifestName, readManifest, totals } from './manifest.ts'
import { type BackupKind, backupName, listBackups, removeOld } from './retention.ts'
import { writeTable } from './table-file.ts'

export interface BackupOptions {
  readonly connection: Connection
  /** The folder that collects backups; each gets a folder of its own in it. */
  readonly dir: string
  readonly kind: BackupKind
  readonly now: Date
  /** Files that belong to the data, such as residents' photos; null where there are none. */
  readonly filesFolder: string | null
}

export interface Backup {
  readonly folder: string
  readonly manifest: Manifest
  /** Older ones that made room. */
  readonly removed: readonly string[]
}

/** One moment of the whole store in a folder of plain files, complete or not there at all. */
export async function backup(options: BackupOptions): Promise<Backup> {
  const folder = join(options.dir, backupName(options.kind, options.now))
  const partial = `${folder}${partialMark}${process.pid}`
  try {
    await mkdir(options.dir, { recursive: true, mode: 0o700 })
    await removeUnfinished(options.dir, options.kind)
    await refuseFullDisk(options.dir)
    await mkdir(join(partial, 'tables'), { recursive: true, mode: 0o700 })
    const manifest = await fill(partial, options)
    await rename(partial, folder)
    await flushFolder(options.dir)
    return { folder, manifest, removed: await removeOld(options.dir, options.kind) }
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {})
    throw asBackupError(error, options.dir)
  }
}

async function fill(partial: string, options: BackupOptions): Promise<Manifest> {
  const snapshot = await openSnapshot(options.connection)
  try {
    const schemaVersion = snapshot.migrations.at(-1)?.version
    if (schemaVersion === undefined) throw new RefusedError('there is nothing to back up: this database is empty')
    const tables = await writeTables(partial, snapshot)
    const sequences = await snapshot.sequences()
    const files = options.filesFolder
      ? await keepFiles(options.filesFolder, join(partial, 'files'), await lastWithFiles(options.dir))
      : []
    const manifest: Manifest = {
      format: 1,
      createdAt: options.now.toISOString(),
      schemaVersion,
      migrations: [...snapshot.migrations],
      tables,
      sequences,
      files,
      secrets: keySentence,
    }
    await writeManifest(partial, manifest)
    return manifest
  } finally {
    await snapshot.close()
  }
}

async function writeTables(partial: string, snapshot: Snapshot): Promise<Manifest['tables']> {
  const tables: Manifest['tables'] = []
  for (const table of snapshot.tables) {
    const path = `tables/${table.name}.jsonl.gz`
    const written = await writeTable(join(partial, path), snapshot.rows(table))
    tables.push({ name: table.name, columns: [...table.columns], path, ...written })
  }
  await flushFolder(join(partial, 'tables'))
  return tables
}

async function writeManifest(partial: string, manifest: Manifest): Promise<void> {
  const handle = await open(join(partial, manifestName), 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await flushFolder(partial)
}

/** The newest backup there that holds files: what has not changed since is not stored twice. */
async function lastWithFiles(dir: string): Promise<{ folder: string; manifest: Manifest } | null> {
  for (const { folder } of await listBackups(dir)) {
    const manifest = await readManifest(folder).catch(() => null)
    if (manifest !== null && manifest.files.length > 0) return { folder, manifest }
  }
  return null
}

/** The newest backup there. */
async function lastOne(dir: string): Promise<{ folder: string; manifest: Manifest } | null> {
  const [newest] = await listBackups(dir)
  if (!newest) return null
  const manifest = await readManifest(newest.folder).catch(() => null)
  return manifest && { folder: newest.folder, manifest }
}

/** A backup often lies on the disk of the store itself, and must not be what fills it. */
async function refuseFullDisk(dir: string): Promise<void> {
  const last = await lastOne(dir)
  const expected = last ? totals(last.manifest).bytes : 0
  const { freeBytes } = await diskSpace(dir)
  if (freeBytes > expected + diskThresholds.criticalBytes) return
  throw new RefusedError(`no backup was made in ${dir}: its disk has only ${Math.round(freeBytes / 1e6)} MB left`)
}

const partialMark = '.unfinished-'

/** What killed backups of this kind left behind; only one of a kind runs at a time. */
async function removeUnfinished(dir: string, kind: BackupKind): Promise<void> {
  for (const name of await readdir(dir))
    if (name.startsWith(`danhoi-${kind}-`) && name.includes(partialMark))
      await rm(join(dir, name), { recursive: true, force: true })
}

function asBackupError(error: unknown, dir: string): unknown {
  const say = (text: string): RefusedError =>
    new RefusedError(`no backup was made in ${dir}: ${text}`, { cause: error })
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return say('the disk is full')
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return say('it may not be written')
    case 'ENOTDIR':
    case 'EEXIST':
      return say('it is not a folder')
    default:
      return error
  }
}
