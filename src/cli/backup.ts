import { resolve } from 'node:path'
import { filesFolderOf } from '../assembly/store.ts'
import { backup } from '../backup/backup.ts'
import { keySentence, totals } from '../backup/manifest.ts'
import { systemClock } from '../lib/clock.ts'
import { type Command, UsageError } from './command.ts'
import { withDatabase } from './with-store.ts'

export const backupCommand: Command = async ([dir, ...rest], { stdout }) => {
  if (dir === undefined || rest.length > 0) throw new UsageError('usage: backup DIR')
  return withDatabase(async ({ connection, dataDir }) => {
    const filesFolder = filesFolderOf(dataDir)
    const made = await backup({ connection, dir: resolve(dir), kind: 'manual', now: systemClock(), filesFolder })
    const { rows, bytes } = totals(made.manifest)
    stdout.write(`${made.folder}: ${rows} rows, ${bytes} bytes\n${keySentence}\n`)
    return 0
  })
}
