import { backupNightly } from '../backup/nightly.ts'
import type { Connection } from '../db/client.ts'
import { diskSpace } from '../db/disk-space.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { filesFolderOf } from './store.ts'

export interface HousekeepingRoom {
  readonly connection: Connection
  readonly dataDir: string
  readonly backupDir: string
  readonly clock: Clock
  readonly log: Log
  readonly everyMs: number
}

/** Looks every few minutes whether the nightly backup is due and whether the disk is filling up. Returns how to stop. */
export function startHousekeeping(room: HousekeepingRoom): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const look = (): void => {
    running = running.then(() => keepHouse(room))
  }
  const timer = setInterval(look, room.everyMs)
  look()
  return async () => {
    clearInterval(timer)
    await running
  }
}

async function keepHouse({ connection, dataDir, backupDir, clock, log }: HousekeepingRoom): Promise<void> {
  try {
    const disk = await diskSpace(dataDir).catch(() => null) // with DATABASE_URL nothing may have made that folder
    if (disk !== null && disk.level !== 'ok') {
      log[disk.level === 'critical' ? 'error' : 'warn']({ ...disk }, 'the disk is running full')
    }
    await backupNightly({ connection, dir: backupDir, filesFolder: filesFolderOf(dataDir), now: clock(), log })
  } catch (error) {
    log.error({ err: error }, 'the nightly backup failed')
  }
}
