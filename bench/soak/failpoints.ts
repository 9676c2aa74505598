import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, type Db, openDb, openPool } from '../../src/db/client.ts'
import type { Child } from '../../test/support/child.ts'
import { openStage } from '../../test/support/stage.ts'
import { cloneTemplate } from '../../test/support/town-database.ts'
import { compare } from './compare.ts'
import { runErrands } from './errands.ts'
import type { Balance } from './facts.ts'
import { readLedger } from './ledger.ts'
import { observe } from './observe.ts'
import { employOfficers } from './officers.ts'
import { type Official, openOfficial, together } from './official.ts'
import type { Kill } from './reach.ts'
import { casesPublished, lastWords, rest } from './rest.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { askTrio } from './trio.ts'

export interface KillRun {
  /** False: the process never came to that step, and the run has proved nothing. */
  readonly wasReached: boolean
  readonly balance: Balance
}

export interface KillOptions {
  readonly server: Connection
  readonly template: string
  readonly redisUrl?: string
  readonly kill: Kill
}

/** Kills the product at the failpoint, starts it again and lets it finish; then compares from outside. */
export async function killAt({ server, template, redisUrl, kill }: KillOptions): Promise<KillRun> {
  const scenario: Scenario = scenarios[kill.scenario]
  const database = await cloneTemplate(server, template)
  const pool = openPool(database.connection, 'app,public', 2, () => {})
  const db = openDb(pool)
  const stage = await openStage({
    store: { connection: database.connection },
    ...(redisUrl === undefined ? {} : { redisUrl }),
  })
  const officers = employOfficers(stage.zalo, stage.town, scenario.unanswered)
  const stopErrands = runErrands(stage.zalo, stage.town, scenario.errands ?? [])
  const official = scenario.official === undefined ? null : await openOfficial(scenario.official, stage, db)
  const isDone = scenario.isDone ?? casesPublished(3)
  const stopTending = official === null ? async () => {} : tend(official, db)
  const start = (failpoint?: string): Child => {
    const child = stage.start(failpoint, official?.env)
    void child.started.then((isUp) => isUp && official?.retryNow())
    return child
  }
  try {
    await scenario.prepare?.(stage, db)
    for (const question of scenario.asksOfficial ?? []) official?.ask(question)
    if (scenario.isWithdrawn === true) official?.withdraw()
    askTrio(stage)
    let wasReached = true
    for (const point of [...(scenario.earlier ?? []), `${kill.failpoint}#${kill.time}`]) {
      if (wasReached) wasReached = await dies(start(point), db, isDone)
    }
    await finish(start(), db, isDone)
    const observed = together([observe(stage), ...(official === null ? [] : [official.observe()])])
    return { wasReached, balance: compare(observed, await readLedger(db), scenario.terms) }
  } finally {
    await stopTending()
    await official?.stop()
    stopErrands()
    officers.leave()
    await stage.close()
    await pool.end()
    await database.drop()
  }
}

/** Has it looked after until the returned function is called. */
function tend(official: Official, db: Db): () => Promise<void> {
  const over = new AbortController()
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await official.tend(db)
      await wait(100, undefined, { signal: over.signal }).catch(() => {})
    }
  }
  const running = run()
  running.catch(() => {}) // told to whoever stops it
  return () => {
    over.abort()
    return running
  }
}

/** True when the process died at its failpoint; false when it had nothing left to do and lived. */
async function dies(child: Child, db: Db, isDone: (db: Db) => Promise<boolean>): Promise<boolean> {
  if ((await rest(child, db, isDone)) === 'ended') {
    const { signal } = await child.ended
    if (signal !== 'SIGKILL') throw new Error(`the product ended by itself\n${lastWords(child)}`)
    return true
  }
  await child.stop()
  return false
}

export async function finish(child: Child, db: Db, isDone: (db: Db) => Promise<boolean>): Promise<void> {
  if ((await rest(child, db, isDone)) === 'ended') throw new Error(`the product ended by itself\n${lastWords(child)}`)
  const { code } = await child.stop()
  if (code !== 0) throw new Error(`the product stopped with ${code}\n${lastWords(child)}`)
}
