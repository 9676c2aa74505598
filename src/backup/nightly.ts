import { advisoryLocks } from '../db/advisory-lock.ts'
import type { Connection, Pool } from '../db/client.ts'
import { exclusively } from '../db/exclusively.ts'
import { systemClock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type Backup, backup } from './backup.ts'
import { totals } from './manifest.ts'
import { isNightlyDue, listBackups } from './retention.ts'

export interface NightlyOptions {
  readonly connection: Connection
  readonly dir: string
  readonly filesFolder: string | null
  readonly now: Date
  readonly log: Log
}

/** Makes tonight's backup if it is due; null otherwise, also when another process is at it. Ask as often as you like. */
export async function backupNightly(options: NightlyOptions): Promise<Backup | null> {
  const isDue = async (): Promise<boolean> => isNightlyDue(options.now, await listBackups(options.dir))
  if (!(await isDue())) return null
  return exclusively(options.connection, advisoryLocks.backup, async () => {
    if (!(await isDue())) return null // made while we waited for the connection
    return logged(await backup({ ...options, kind: 'nightly' }), options.log)
  })
}

/** The way back from an update: called with a database that is about to be changed. */
export async function backupBeforeMigration(pool: Pool, dir: string, log: Log): Promise<void> {
  const now = systemClock()
  logged(await backup({ connection: pool.options, dir, kind: 'migration', now, filesFolder: null }), log)
}

function logged(made: Backup, log: Log): Backup {
  log.info({ folder: made.folder, ...totals(made.manifest), removed: made.removed.length }, 'backup made')
  return made
}
