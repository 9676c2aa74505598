import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDb, openPool } from '../../src/db/client.ts'
import type { Child } from '../../test/support/child.ts'
import { databaseUrl } from '../../test/support/database-url.ts'
import { openStage } from '../../test/support/stage.ts'
import { cloneTemplate, createDatabase } from '../../test/support/town-database.ts'
import { compare } from './compare.ts'
import { finish, type KillOptions, type KillRun } from './failpoints.ts'
import { readLedger } from './ledger.ts'
import { observe } from './observe.ts'
import { employOfficers } from './officers.ts'
import { casesAre, lastWords } from './rest.ts'
import { askTrio } from './trio.ts'

/** A trio of residents asks three questions. */
const QUESTIONS = 3

/** Steps that only an operator's command comes to, and what the operator types. */
const typed: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  'apply-setup': (folder) => ['import', join(folder, 'town.yaml')],
  'switch-publishing': () => ['publishing', 'resume'],
  'replay-deliveries': () => ['replay', 'failed'],
  'distrust-unsent': (folder) => ['restore', join(folder, 'backup')],
}

export function isOfCommand(failpoint: string): boolean {
  return Object.hasOwn(typed, failpoint.split(':')[0] ?? '')
}

/**
 * Kills a command of the operator, who types it again; then the product goes on with what it finds. That is two
 * acknowledgements and three answers which wait, because publishing was stopped when the residents asked. A restore
 * also finds all of them sent, after the backup was made.
 */
export async function killCommandAt({ server, template, redisUrl, kill }: KillOptions): Promise<KillRun> {
  const { failpoint } = kill
  const [original, copy] = [await cloneTemplate(server, template), await createDatabase(server)]
  const pools = [original, copy].map(({ connection }) => openPool(connection, 'app,public', 2, () => {}))
  const [inOriginal, inCopy] = pools.map((pool) => openDb(pool))
  if (inOriginal === undefined || inCopy === undefined) throw new Error('expected two databases')
  const redis = redisUrl === undefined ? {} : { redisUrl }
  const stage = await openStage({ store: { connection: original.connection }, ...redis })
  const officers = employOfficers(stage.zalo, stage.town)
  const published = casesAre('published', QUESTIONS)
  const isRestore = failpoint.startsWith('distrust-unsent:')
  const used = { DATABASE_URL: databaseUrl((isRestore ? copy : original).connection) }
  try {
    await inOriginal.updateTable('switches').set({ isOn: false }).execute()
    askTrio(stage)
    await finish(stage.start(), inOriginal, casesAre('answered', QUESTIONS))
    await writeFile(join(stage.folder, 'town.yaml'), JSON.stringify(stage.town.setup))
    if (isRestore) {
      await succeeds(stage.command(['backup', join(stage.folder, 'backup')]))
      await succeeds(stage.command(['publishing', 'resume']))
      await finish(stage.start(), inOriginal, published)
    }

    const words = typed[failpoint.split(':')[0] ?? '']?.(stage.folder) ?? []
    const { signal } = await stage.command(words, { ...used, FAILPOINT: failpoint }).ended
    await stage.command(words, used).ended // a restore that was complete refuses the second one
    await succeeds(stage.command(['publishing', 'resume'], used))

    const db = isRestore ? inCopy : inOriginal
    await finish(stage.start(undefined, used), db, published)
    const balance = compare(observe(stage), await readLedger(db))
    return {
      wasReached: signal === 'SIGKILL',
      // A restored store cannot know that officers were told meanwhile; nothing of that is public.
      balance: isRestore ? { ...balance, officerDoubles: [] } : balance,
    }
  } finally {
    officers.leave()
    await stage.close()
    for (const pool of pools) await pool.end()
    await original.drop()
    await copy.drop()
  }
}

async function succeeds(command: Child): Promise<void> {
  const { code } = await command.ended
  if (code !== 0) throw new Error(`a command ended with ${code}\n${lastWords(command)}`)
}
