import { migrate, migrationsFolder } from '../db/migrate.ts'
import type { Command } from './command.ts'
import { withDatabase } from './with-store.ts'

export const migrateCommand: Command = async (_args, { stdout }) =>
  withDatabase(async ({ pool }) => {
    const { applied, version } = await migrate(pool, { folder: migrationsFolder })
    stdout.write(
      applied.length === 0 ? `schema is at ${version}\n` : `schema is at ${version}, applied ${applied.join(', ')}\n`,
    )
    return 0
  })
