import { plusMs, systemClock } from '../lib/clock.ts'
import { ledger } from '../reporting/ledger.ts'
import { type Command, UsageError } from './command.ts'
import { coverageReport } from './coverage-report.ts'
import { withStore } from './with-store.ts'

const DAY_MS = 86_400_000

export const ledgerCommand: Command = async (args, { stdout }) => {
  const [option, value = '30', ...rest] = args
  const days = Number(value)
  if ((option !== undefined && option !== '--days') || rest.length > 0 || !Number.isInteger(days) || days < 1) {
    throw new UsageError('usage: ledger [--days N]')
  }
  return withStore(async ({ db }) => {
    const from = plusMs(systemClock(), -days * DAY_MS)
    const { rows, unaccounted } = await ledger(db, from)
    for (const { platform, what, amount } of rows)
      stdout.write(`${platform.padEnd(10)}${what.padEnd(34)}${String(amount).padStart(8)}\n`)
    stdout.write(await coverageReport(db, from))
    stdout.write(unaccounted === 0 ? 'received = accounted\n' : `${unaccounted} not accounted for\n`)
    return unaccounted === 0 ? 0 : 1
  })
}
