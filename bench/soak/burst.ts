import { sql } from 'kysely'
import type { JournalEntry } from '../../sim/facebook/journal.ts'
import { type Db, openDb, openPool } from '../../src/db/client.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { openStage } from '../../test/support/stage.ts'
import { cloneTemplate } from '../../test/support/town-database.ts'
import { until } from '../../test/support/until.ts'
import type { Balance } from './facts.ts'
import { makeTemplate } from './matrix.ts'
import { askOnAll } from './residents.ts'
import { outcomeOf, type Scenario } from './scenario.ts'

const PAGES = 12
const COMMENTS = 24_000
/** A quarter of them once more: every fifth change is one that was sent before. */
const REPEATS = 0.25
const BATCH = 1_000
const AT_ONCE = 4
const PATIENCE_MS = 10 * 60_000
/** As shipped: what is answered is on the disk. */
const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_connections: '100' }

/** What Facebook held back for a while comes all at once: large requests, out of order, a part of it twice. */
export const burst: Scenario = {
  name: 'burst',
  about: `some ${COMMENTS * (1 + REPEATS)} changes, a fifth of them repeated, out of order, in requests of up to ${BATCH}`,
  run: async ({ lifecycle, say }) => {
    const server = await startThrowaway({ settings: durable })
    lifecycle.add('PostgreSQL', () => server.close())
    const database = await cloneTemplate(server.connection, await makeTemplate(server.connection, PAGES))
    const pool = openPool(database.connection, 'app,public', 2, () => {})
    lifecycle.add('pool', () => pool.end())
    const db = openDb(pool)
    const stage = await openStage({ store: { connection: database.connection }, pages: PAGES, pace: 1 })
    lifecycle.add('stage', () => stage.close())
    const { facebook } = stage
    facebook.weather({ repeats: REPEATS, batchMax: BATCH, concurrency: AT_ONCE, ownEcho: 'never' })
    facebook.pauseWebhooks()
    askOnAll(stage, COMMENTS)
    const child = stage.start()
    if (!(await child.started)) throw new Error(`the product did not start:\n${child.lastLines().join('\n')}`)
    const began = performance.now()
    facebook.releaseWebhooks('shuffled')
    const options = { timeoutMs: PATIENCE_MS, everyMs: 200 }
    await until(() => sentOf(facebook.log).changes > COMMENTS && facebook.pendingWebhooks === 0, options)
    const acknowledgedMs = performance.now() - began
    await until(async () => (await unread(db)) === 0, options)
    const { requests, changes, slowestMs } = sentOf(facebook.log)
    say(`${changes} changes in ${requests} requests, the slowest answered after ${Math.round(slowestMs)} ms`)
    say(
      `all answered after ${Math.round(acknowledgedMs)} ms, all recorded after ${Math.round(performance.now() - began)} ms`,
    )
    return [outcomeOf(`${changes} changes`, balanceOf(facebook.log, await recorded(db)))]
  },
}

/** Pure. What was sent and answered, by the simulator's log. */
export function sentOf(log: readonly JournalEntry[]): { requests: number; changes: number; slowestMs: number } {
  let [requests, changes, slowestMs] = [0, 0, 0]
  for (const entry of log) {
    if (entry.kind !== 'delivery' || entry.status !== 200) continue
    requests += 1
    changes += entry.updates
    slowestMs = Math.max(slowestMs, entry.tookMs)
  }
  return { requests, changes, slowestMs }
}

/** Pure. Each comment that a resident wrote against the events that the product has recorded. */
export function balanceOf(log: readonly JournalEntry[], events: readonly string[]): Balance {
  const times = new Map<string, number>()
  for (const id of events) times.set(id, (times.get(id) ?? 0) + 1)
  const written = log.flatMap((entry) => (entry.kind === 'resident' && entry.what === 'comment' ? [entry.id] : []))
  const lost = written.filter((id) => !times.has(id))
  return {
    received: written.length,
    accounted: written.length - lost.length,
    accountedAs: { recorded: written.length - lost.length },
    lost,
    doubled: written.filter((id) => (times.get(id) ?? 0) > 1),
    officerDoubles: [],
    orphaned: [],
    leaked: [],
  }
}

async function recorded(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select message_id as id from events where kind = 'comment'`.execute(db)
  return rows.map(({ id }) => id)
}

async function unread(db: Db): Promise<number> {
  const { rows } = await sql<{ amount: number }>`
    select count(*)::int as amount from deliveries where state = 'received'`.execute(db)
  return rows[0]?.amount ?? 0
}
