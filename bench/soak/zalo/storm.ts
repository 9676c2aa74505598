import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { ZaloSim } from '../../../sim/zalo/sim.ts'
import type { LogEntry } from '../../../sim/zalo/world/log.ts'
import { type Db, openDb, openPool } from '../../../src/db/client.ts'
import { startThrowaway } from '../../../src/db/throwaway.ts'
import type { Child } from '../../../test/support/child.ts'
import { openStage } from '../../../test/support/stage.ts'
import { cloneTemplate } from '../../../test/support/town-database.ts'
import { until } from '../../../test/support/until.ts'
import { makeTemplate } from '../matrix.ts'
import { employOfficers } from '../officers.ts'
import { casesPublished, lastWords, rest } from '../rest.ts'
import type { Scenario } from '../scenario.ts'
import { type LastingZalo, startLastingZalo } from './lasting.ts'
import { employPersistence } from './persist.ts'
import { ONE_QUESTION_IN, type Questions, speak } from './talk.ts'
import { planStrokes, planTroubles, type Stroke, strokes } from './troubles.ts'
import { buildCommunes, type Commune, logInAnew, settleCommunes } from './villages.ts'
import { weighZalo } from './weigh.ts'

const PACE = 0.2
const PATIENCE_MS = 5 * 60_000
const CATCH_UP_MS = 120_000
const LOOK_EVERY_MS = 500
const STROKES = 40
/** After which part of the talk the whole product dies, and after which Zalo itself is away for a moment. */
const KILLS = [0.3, 0.55, 0.8]
const AWAY = 0.45
const product = fileURLToPath(new URL('../product.ts', import.meta.url))

/**
 * Villages that talk in their groups and ask us now and then, through everything that is known to happen to accounts
 * driven over Zalo Web: of each message it is seen whether it arrived, of each answer whether it stands where it belongs.
 */
export const zaloStorm: Scenario = {
  name: 'zalo',
  about:
    'talk and questions in 12 groups of 3 Zalo accounts; sockets, sessions, calls, frames, the product and Zalo fail',
  run: async ({ lifecycle, say, messages }) => {
    const server = await startThrowaway({ settings: { max_connections: '100' } })
    lifecycle.add('PostgreSQL', () => server.close())
    const database = await cloneTemplate(server.connection, await makeTemplate(server.connection))
    const pool = openPool(database.connection, 'app,public', 2, () => {})
    lifecycle.add('pool', () => pool.end())
    const db = openDb(pool)
    const folder = await mkdtemp(join(tmpdir(), 'danhoi-zalo-'))
    lifecycle.add('folder', () => rm(folder, { recursive: true, force: true }))
    const settings = { kind: 'mixed', holdMs: 50 } as const
    const zalo = await startLastingZalo({ stateFile: join(folder, 'zalo.json'), settings })
    lifecycle.add('Zalo', () => zalo.stop())
    const stage = await openStage({
      store: { connection: database.connection },
      program: product,
      pace: PACE,
      zalo: zalo.now,
    })
    lifecycle.add('stage', () => stage.close())
    const communes = buildCommunes(zalo.now, stage.town)
    await settleCommunes(db, zalo.now, stage.town, communes)
    const offices = communes.map((commune) => employOfficers(zalo, { zalo: commune }))
    const persistence = communes.map((commune) => employPersistence(zalo, commune))
    lifecycle.add('officers', async () => {
      for (const one of [...offices, ...persistence]) one.leave()
    })
    const questions: Questions = new Map()
    const asked = Math.max(1, Math.floor(messages / ONE_QUESTION_IN))

    let said = 0
    zalo.onLog(({ what }) => {
      if (what === 'said') said += 1
    })
    let child = stage.start()
    await child.started
    const phones = new AbortController()
    lifecycle.add('phones', async () => phones.abort())
    const watching = logInWhenAsked(db, zalo, phones.signal)
    planTroubles(zalo.now, asked)
    const lately = new Map<string, string>()
    const plan = planStrokes(messages, Math.min(STROKES, Math.max(5, Math.floor(messages / 25))))
    const kills = new Set(KILLS.map((part) => Math.floor(messages * part)))
    let struck = 0
    for (let n = 1; n <= messages; n += 1) {
      speak(zalo.now, communes, n, questions, lately)
      await turn() // lets the frames travel between two messages
      const stroke = plan.get(n)
      if (stroke !== undefined && (await strike(zalo.now, communes, struck++, stroke))) say(`${n} messages: ${stroke}`)
      if (kills.has(n)) {
        say(`${n} messages: the product is killed`)
        await child.kill()
        child = stage.start()
      }
      if (n === Math.floor(messages * AWAY)) {
        say(`${n} messages: Zalo is away for a moment`)
        await zalo.restart(() => refused(zalo.now.url))
        planTroubles(zalo.now, asked)
      }
      if (n % 20 === 0) await keepUp(child, db, () => said, Math.max(30, messages / 50))
      if (n % 1_000 === 0) say(`${n} messages`)
    }
    zalo.now.clearFaults()
    say('all is said')
    const isDone = async (): Promise<boolean> => {
      if ((await arrived(db)) < said) return false
      return casesPublished(asked)(db)
    }
    await rest(child, db, isDone, PATIENCE_MS, LOOK_EVERY_MS)
    phones.abort()
    await watching
    const count = (pick: (one: (typeof persistence)[number]) => number): number =>
      persistence.reduce((sum, one) => sum + pick(one), 0)
    say(`officers gave ${count((one) => one.again)} answers again and looked ${count((one) => one.looked)} times`)
    for (const line of troublesOf(zalo.log)) say(line)
    return [await weighZalo(`${messages} messages`, zalo.log, { questions, communes }, db)]
  },
}

async function strike(zalo: ZaloSim, communes: readonly Commune[], nth: number, stroke: Stroke): Promise<boolean> {
  const uid = communes[nth % communes.length]?.uid ?? ''
  return strokes[stroke](zalo, uid)
}

/** Somebody has met a closed door: so has the product, or it will. */
async function refused(url: string): Promise<void> {
  const isRefused = (): Promise<boolean> =>
    fetch(url).then(
      () => false,
      () => true,
    )
  await until(isRefused, { what: 'Zalo is away' })
}

/** A person with the phone, who logs an account in again each time that is asked for. */
async function logInWhenAsked(db: Db, zalo: LastingZalo, signal: AbortSignal): Promise<void> {
  const last = new Map<string, number>()
  while (!signal.aborted) {
    const asking = await db
      .selectFrom('accounts')
      .select(['externalId', 'stateChangedAt'])
      .where('platform', '=', 'zalo')
      .where('state', '=', 'needs_qr')
      .execute()
    for (const { externalId: uid, stateChangedAt } of asking) {
      const since = stateChangedAt?.getTime() ?? 0
      if (last.get(uid) === since) continue
      last.set(uid, since)
      await logInAnew(db, zalo.now, uid)
    }
    await wait(500)
  }
}

/** People do not wait for us; but what they say in days must not be said in one moment. */
async function keepUp(child: Child, db: Db, said: () => number, ahead: number): Promise<void> {
  try {
    const isClose = async (): Promise<boolean> => said() - (await arrived(db)) < ahead
    await until(isClose, { timeoutMs: CATCH_UP_MS, everyMs: 100, what: 'the product to keep up' })
  } catch (error) {
    throw new Error(`${String(error)}\n${lastWords(child)}`, { cause: error })
  }
}

async function arrived(db: Db): Promise<number> {
  const { rows } = await sql<{ amount: number }>`
    select count(*)::int as amount from events where kind = 'message'`.execute(db)
  return rows[0]?.amount ?? 0
}

/** How often which trouble struck, by the simulator's log. */
function troublesOf(log: readonly LogEntry[]): string[] {
  const counts = new Map<string, number>()
  for (const entry of log) {
    const name =
      entry.what === 'fault'
        ? entry.fault
        : entry.what === 'socket' && entry.step !== 'backfill'
          ? `socket ${entry.step} ${entry.step === 'close' ? entry.detail : ''}`.trim()
          : entry.what === 'login'
            ? `login ${entry.step}`
            : entry.what === 'call' && /^-?\d+$/.test(entry.answer)
              ? `code ${entry.answer}`
              : entry.what === 'unmapped' || entry.what === 'broken'
                ? `${entry.what} ${entry.path}`
                : null
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [`troubles: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}`]
}
