import { join } from 'node:path'
import type { Config } from '../../config/load.ts'
import { backupBeforeMigration } from '../backup/nightly.ts'
import { checkServer } from '../db/check-server.ts'
import { type Connection, type Db, openDb, openPool, type Pool } from '../db/client.ts'
import { resolveDataDir } from '../db/data-dir.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrate, migrationsFolder } from '../db/migrate.ts'
import { holdProgramLock } from '../db/program-lock.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { Lifecycle } from '../lib/lifecycle.ts'
import type { Log } from '../lib/log.ts'
import { distrustUnsent } from '../outbox/after-restore.ts'

export interface Store {
  readonly db: Db
  readonly pool: Pool
  readonly connection: Connection
  /** Where this installation keeps its key. */
  readonly dataDir: string
  readonly backupDir: string
}

const POOL = 16

/** The database of this program, migrated: the embedded server, or the one that DATABASE_URL names. */
export async function openStore(
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'backupDir' | 'roles'>,
  log: Log,
  clock: Clock,
  lifecycle: Lifecycle,
  onLost: (error: Error) => void,
): Promise<Store> {
  const { path: dataDir } = await resolveDataDir(config.dataDir)
  const backupDir = backupFolder(config.backupDir, dataDir)
  const connection = await connect(config, log, lifecycle, onLost)
  const pool = openPool(connection, 'app,public', POOL, (error) =>
    log.warn({ code: errorCode(error) }, 'lost a connection to PostgreSQL'),
  )
  lifecycle.add('database pool', () => pool.end())
  await checkServer(pool)
  const db = openDb(pool)
  const { applied } = await migrate(pool, {
    folder: migrationsFolder,
    before: () => backupBeforeMigration(pool, backupDir, log),
  })
  if (applied.length > 0) log.info({ applied: applied.length }, 'database schema brought forward')
  const distrusted = await distrustUnsent(db, clock())
  if (distrusted !== null) log.warn({ distrusted }, 'a restore that was cut off is finished')
  return { db, pool, connection, dataDir, backupDir }
}

async function connect(
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'roles'>,
  log: Log,
  lifecycle: Lifecycle,
  onLost: (error: Error) => void,
): Promise<Connection> {
  if (config.databaseUrl === null) {
    const embedded = await startEmbedded({ dataDir: config.dataDir, log, onLost })
    lifecycle.add('embedded PostgreSQL', () => embedded.stop())
    return embedded.connection
  }
  const connection = { connectionString: config.databaseUrl }
  // Web servers and workers may be many; the listener holds every Zalo session and is one.
  if (config.roles.includes('listener')) {
    const lock = await holdProgramLock({ connection, log, onLost })
    lifecycle.add('program lock', () => lock.release())
  }
  return connection
}

/** Where residents' files are kept. Processes of one installation share it. */
export function filesFolderOf(dataDir: string): string {
  return join(dataDir, 'files')
}

/** Where nightly backups go, and those that are made before the schema changes. */
export function backupFolder(configured: string | null, dataDir: string): string {
  return configured ?? join(dataDir, 'backups')
}
