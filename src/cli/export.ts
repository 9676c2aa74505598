import { stringify } from 'yaml'
import { collectSetup } from '../setup/collect.ts'
import type { Command } from './command.ts'
import { withStore } from './with-store.ts'

export const exportCommand: Command = async (_args, { stdout }) =>
  withStore(async ({ db }) => {
    stdout.write(stringify(await collectSetup(db)))
    return 0
  })
