import { ConfigError } from '../../config/load.ts'
import { AppError } from '../lib/errors.ts'
import { type Command, type CommandIo, UsageError } from './command.ts'

/** Every command, loaded only when it is called: a filter starts no database and reads no variable. */
const commands: Readonly<Record<string, { about: string; load: () => Promise<Command> }>> = {
  migrate: {
    about: 'bring the database schema forward',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  import: {
    about: 'FILE [--dry-run]: units, officers, accounts, groups and rules from YAML',
    load: async () => (await import('./import.ts')).importCommand,
  },
  export: {
    about: 'the same as YAML on standard output, without secrets',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  officer: {
    about: 'invite NAME: a one-time code that binds an officer’s chat',
    load: async () => (await import('./officer.ts')).officerCommand,
  },
  facebook: {
    about: 'connect PAGE_ID < token | doctor [PAGE_ID] | reconcile PAGE_ID [--since DAY]: our Pages',
    load: async () => (await import('./facebook.ts')).facebookCommand,
  },
  zalo: {
    about:
      'login [UID] [--admin NAME] [--qr FILE]: log an account in by QR code | consent, revoke UID --admin NAME | groups: ids of groups nobody has declared',
    load: async () => (await import('./zalo.ts')).zaloCommand,
  },
  'zalo-bot': {
    about: 'connect [--polling] < token: a bot of the official Zalo Bot Platform',
    load: async () => (await import('./zalo-bot.ts')).zaloBotCommand,
  },
  'zalo-oa': {
    about: 'connect OA_ID < consent.json: keep the tokens of an Official Account',
    load: async () => (await import('./zalo-oa.ts')).zaloOaCommand,
  },
  publishing: {
    about:
      'stop [REASON] | resume | status | mode MODE [--unit|--account|--group ID] | release [--account ID]: what residents may read',
    load: async () => (await import('./publishing.ts')).publishingCommand,
  },
  ledger: {
    about: '[--days N]: what was received and what became of it',
    load: async () => (await import('./ledger.ts')).ledgerCommand,
  },
  replay: {
    about: 'failed | DELIVERY_ID: read deliveries again',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  backup: {
    about: 'DIR: a consistent copy of everything',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    about: 'DIR: such a copy into an empty database',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  webhook: {
    about: 'facebook | graph-error: what we make of a payload (standard input)',
    load: async () => (await import('./webhook.ts')).webhook,
  },
}

/** Runs one command; a refusal is one clear sentence on standard error. */
export async function runCli(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === 'help' || name === '--help') {
    io.stdout.write(help())
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    io.stderr.write(`expected a command such as "ledger", got "${name}"; "danhoi help" lists all\n`)
    return 2
  }
  try {
    return await (await command.load())(rest, io)
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`${error.message}\n`)
      return 2
    }
    if (error instanceof AppError || error instanceof ConfigError) {
      io.stderr.write(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(11)}${about}`)
  return `danhoi <command>\n\n${lines.join('\n')}\n`
}
