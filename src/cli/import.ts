import { readFile } from 'node:fs/promises'
import { systemClock } from '../lib/clock.ts'
import { errorCode, RefusedError } from '../lib/errors.ts'
import { applySetup } from '../setup/apply.ts'
import { readSetup } from '../setup/setup-file.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

export const importCommand: Command = async (args, { stdout }) => {
  const files = args.filter((arg) => arg !== '--dry-run')
  const [file] = files
  if (file === undefined || files.length > 1) throw new UsageError('usage: import FILE [--dry-run]')
  const setup = readSetup(await read(file))
  const { units, officers, accounts, rules } = setup
  const amounts = `${units.length} units, ${officers.length} officers, ${accounts.length} accounts, ${rules.length} rules`
  if (args.includes('--dry-run')) {
    stdout.write(`the file is sound: ${amounts}; nothing was changed\n`)
    return 0
  }
  return withStore(async ({ db, keyRing }) => {
    await applySetup(db, keyRing, setup, systemClock())
    stdout.write(`imported ${amounts}\n`)
    return 0
  })
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new RefusedError(`${file} cannot be read (${errorCode(error)})`, { cause: error })
  }
}
