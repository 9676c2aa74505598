import { resolve } from 'node:path'
import { filesFolderOf } from '../assembly/store.ts'
import { keySentence, totals } from '../backup/manifest.ts'
import { restore } from '../backup/restore.ts'
import { openDb } from '../db/client.ts'
import { migrate, migrationsFolder } from '../db/migrate.ts'
import { systemClock } from '../lib/clock.ts'
import { distrustUnsent } from '../outbox/after-restore.ts'
import { type Command, UsageError } from './command.ts'
import { withDatabase } from './with-store.ts'

export const restoreCommand: Command = async ([folder, ...rest], { stdout }) => {
  if (folder === undefined || rest.length > 0) throw new UsageError('usage: restore DIR (a folder that "backup" made)')
  return withDatabase(async ({ pool, connection, dataDir }) => {
    const filesFolder = filesFolderOf(dataDir)
    const restored = await restore({ connection, from: resolve(folder), migrationsFolder, filesFolder })
    await migrate(pool, { folder: migrationsFolder })
    await distrustUnsent(openDb(pool), systemClock())
    stdout.write(`restored ${totals(restored.manifest).rows} rows\n${keySentence}\n`)
    return 0
  })
}
