import { processEnv } from '../../config/env.ts'
import { type Config, loadConfig } from '../../config/load.ts'
import { claimInstallation } from '../assembly/installation.ts'
import { loadKeyRing } from '../assembly/secret-key.ts'
import { backupFolder } from '../assembly/store.ts'
import { backupBeforeMigration } from '../backup/nightly.ts'
import { checkServer } from '../db/check-server.ts'
import { type Connection, type Db, openDb, openPool, type Pool } from '../db/client.ts'
import { resolveDataDir } from '../db/data-dir.ts'
import { openForCommand } from '../db/embedded.ts'
import { migrate, migrationsFolder } from '../db/migrate.ts'
import { systemClock } from '../lib/clock.ts'
import { armFailpoint } from '../lib/failpoint.ts'
import { createLog } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'

export interface CommandStore {
  readonly config: Config
  readonly db: Db
  readonly pool: Pool
  readonly connection: Connection
  readonly keyRing: KeyRing
  readonly dataDir: string
}

const POOL = 4

/** Beside the running program when it runs, else with the database started for this command alone. */
export async function withStore<T>(work: (store: CommandStore) => Promise<T>): Promise<T> {
  return withDatabase(async ({ config, pool, connection, dataDir }) => {
    const dir = backupFolder(config.backupDir, dataDir)
    await migrate(pool, {
      folder: migrationsFolder,
      before: () => backupBeforeMigration(pool, dir, createLog('silent')),
    })
    const db = openDb(pool)
    await claimInstallation(db, config.simulators, systemClock())
    return work({ config, pool, connection, db, dataDir, keyRing: await loadKeyRing(config.secretKey, dataDir) })
  })
}

/** The database as it is, however old or empty its schema. */
export async function withDatabase<T>(work: (store: Omit<CommandStore, 'db' | 'keyRing'>) => Promise<T>): Promise<T> {
  const config = loadConfig(processEnv())
  if (config.failpoint !== null) armFailpoint(config.failpoint)
  const log = createLog('silent')
  const { path: dataDir } = await resolveDataDir(config.dataDir)
  const embedded = config.databaseUrl === null ? await openForCommand({ dataDir: config.dataDir, log }) : null
  const connection = embedded?.connection ?? { connectionString: config.databaseUrl ?? undefined }
  const pool = openPool(connection, 'app,public', POOL, () => {})
  try {
    await checkServer(pool)
    return await work({ config, pool, connection, dataDir })
  } finally {
    await pool.end()
    await embedded?.close()
  }
}
