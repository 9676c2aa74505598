import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { type Db, transaction } from '../db/client.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { heldRows, holdBack, release } from '../outbox/held.ts'
import { switchPublishing } from '../outbox/switch.ts'
import { type Actor, everywhere, type Scope } from '../publishing/change.ts'
import { PublishingMode } from '../publishing/mode.ts'
import { setMode } from '../publishing/modes.ts'
import { type Command, type CommandIo, UsageError } from './command.ts'
import { accountNamed, groupNamed, unitNamed } from './named.ts'
import { publishingReport, stateLine } from './publishing-report.ts'
import { withStore } from './with-store.ts'

const usage = [
  'usage: publishing stop [REASON] | resume [REASON] | status',
  '       publishing mode listen_only|approve_all|publish|unset [--unit CODE | --account ID | --group ID] [--reason TEXT]',
  '       publishing release [--account ID] [--reason TEXT]',
].join('\n')

/** What residents may read of us: the brake, the modes, and what is held by them. */
export const publishingCommand: Command = async ([action, ...words], { stdout }) => {
  switch (action) {
    case 'stop':
    case 'resume':
      return withStore(async ({ db }) => {
        const why = { by: operator(), reason: words.join(' ') || null }
        await switchPublishing(db, action === 'resume', why, systemClock())
        stdout.write(await stateLine(db))
        return 0
      })
    case 'status':
      if (words.length > 0) throw new UsageError(usage)
      return withStore(async ({ db }) => {
        stdout.write(await publishingReport(db, systemClock()))
        return 0
      })
    case 'mode':
      return changeMode(words, stdout)
    case 'release':
      return releaseHeld(words, stdout)
    default:
      throw new UsageError(usage)
  }
}

async function changeMode(words: string[], stdout: CommandIo['stdout']): Promise<number> {
  const { values, positionals } = read(words)
  const [word, ...rest] = positionals
  const mode = word === 'unset' ? null : PublishingMode.safeParse(word)
  const scopes = [values.unit, values.account, values.group].filter((value) => value !== undefined)
  if (rest.length > 0 || scopes.length > 1 || mode?.success === false) throw new UsageError(usage)
  return withStore(async ({ db }) => {
    const about = await scopeOf(db, values)
    const now = systemClock()
    const why = { by: operator(), reason: values.reason ?? null }
    const changed = await transaction(db, 'switch-publishing', (tx) => setMode(tx, about, mode?.data ?? null, why, now))
    await holdBack(db, now)
    stdout.write(
      changed ? 'the mode is changed; nothing that was held is let go by that\n' : 'that is the mode already\n',
    )
    stdout.write(await stateLine(db))
    if ((await heldRows(db)).length > 0) stdout.write('"publishing release" lets go what the modes allow by now\n')
    return 0
  })
}

async function releaseHeld(words: string[], stdout: CommandIo['stdout']): Promise<number> {
  const { values, positionals } = read(words)
  if (positionals.length > 0 || values.unit !== undefined || values.group !== undefined) throw new UsageError(usage)
  return withStore(async ({ db }) => {
    const account = values.account === undefined ? null : await accountNamed(db, values.account)
    const why = { by: operator(), reason: values.reason ?? null }
    const { released, kept } = await release(db, account, why, systemClock())
    stdout.write(`${released} let go; ${kept} stay held, because their mode does not allow them to leave\n`)
    return 0
  })
}

const options = {
  unit: { type: 'string' },
  account: { type: 'string' },
  group: { type: 'string' },
  reason: { type: 'string' },
} as const

function read(args: string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch {
    throw new UsageError(usage)
  }
}

async function scopeOf(
  db: Db,
  { unit, account, group }: { unit?: string; account?: string; group?: string },
): Promise<Scope> {
  if (unit !== undefined) return { scope: 'unit', unitId: await unitNamed(db, unit) }
  if (account !== undefined) return { scope: 'account', accountId: await accountNamed(db, account) }
  if (group !== undefined) return { scope: 'group', groupId: await groupNamed(db, group) }
  return everywhere
}

function operator(): Actor {
  try {
    return { actor: `command line (${userInfo().username})` }
  } catch (error) {
    // A user without an entry in the machine's list of users, as in some containers.
    if (error instanceof RefusedError) throw error
    return { actor: 'command line' }
  }
}
