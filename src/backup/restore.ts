import { join } from 'node:path'
import type { Connection } from '../db/client.ts'
import { type Loading, openLoading } from '../db/load.ts'
import { RefusedError } from '../lib/errors.ts'
import { putFiles } from './files.ts'
import { type Manifest, readManifest, verifyFiles } from './manifest.ts'
import { isBackup, listBackups } from './retention.ts'
import { readTable } from './table-file.ts'

export interface RestoreOptions {
  readonly connection: Connection
  /** A backup, or a folder of backups: then the newest. */
  readonly from: string
  /** Our migrations: those of the backup must be among them, unchanged. */
  readonly migrationsFolder: string
  readonly filesFolder: string | null
}

export interface Restored {
  readonly folder: string
  readonly manifest: Manifest
}

/**
 * Brings a backup back into an empty database, at the schema it was made with; the caller migrates it forward as at
 * every start. All hashes are checked first, and everything is loaded in one transaction.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const folder = await chooseBackup(options.from)
  const manifest = await readManifest(folder)
  await verifyFiles(folder, manifest)
  if (manifest.files.length > 0 && !options.filesFolder)
    throw new RefusedError('this backup holds files, and no folder is known to put them into')
  const loading = await openLoading(options.connection, {
    folder: options.migrationsFolder,
    migrations: manifest.migrations,
    tables: manifest.tables.map(({ name, columns }) => ({ name, columns })),
  })
  try {
    await loadTables(folder, manifest, loading)
    if (options.filesFolder) await putFiles(folder, manifest, options.filesFolder)
    await loading.commit(manifest.sequences)
  } catch (error) {
    await loading.rollback()
    throw error
  }
  return { folder, manifest }
}

async function chooseBackup(from: string): Promise<string> {
  if (await isBackup(from)) return from
  const [newest] = await listBackups(from)
  return newest?.folder ?? from // reading its manifest will say what is wrong
}

async function loadTables(folder: string, { tables }: Manifest, loading: Loading): Promise<void> {
  for (const table of tables) {
    let rows = 0
    for await (const lines of readTable(join(folder, table.path))) rows += await loading.add(table, lines)
    if (rows !== table.rows)
      throw new RefusedError(`the backup is damaged: ${table.path} holds ${rows} rows instead of ${table.rows}`)
  }
}
