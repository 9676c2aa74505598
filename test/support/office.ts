import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { loadConfig } from '../../config/load.ts'
import { type Pacing, scaled, shippedPacing } from '../../config/pacing.ts'
import { startFacebookSim } from '../../sim/facebook/server.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import { furnish, settle } from '../../sim/settle.ts'
import { buildTown, simulatedApp, type Town } from '../../sim/town.ts'
import { startZaloSim, type ZaloSim } from '../../sim/zalo/sim.ts'
import { type App, startApp } from '../../src/app.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { createLog } from '../../src/lib/log.ts'

export interface Office {
  readonly app: App
  readonly facebook: FacebookSim
  readonly zalo: ZaloSim
  readonly town: Town
  readonly dataDir: string
  stop(): Promise<void>
}

const SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

export interface Platforms {
  readonly facebook: FacebookSim
  readonly zalo: ZaloSim
}

export async function startPlatforms(clock: Clock = systemClock): Promise<Platforms> {
  const now = (): number => clock().getTime()
  return {
    facebook: await startFacebookSim({ allow: true, ...simulatedApp, retryScale: 0.01, now }),
    zalo: await startZaloSim({ allow: true }),
  }
}

/**
 * The whole product on a test database, between two simulated platforms, with its officers bound as people bind. On
 * platforms that were used before, their town and what people wrote there are found again. `clock` moves both.
 */
export async function openOffice(
  connection: ClientConfig,
  env: Record<string, string> = {},
  platforms?: Platforms,
  clock: Clock = systemClock,
): Promise<Office> {
  const { facebook, zalo } = platforms ?? (await startPlatforms(clock))
  const town = buildTown(facebook, zalo)
  const dataDir = await mkdtemp(join(tmpdir(), 'danhoi-office-'))
  await chmod(dataDir, 0o755) // closed to others, it would be replaced by a folder elsewhere where we are root
  const config = loadConfig({
    SIMULATORS: 'allow',
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: urlOf(connection),
    SECRET_KEY,
    FACEBOOK_APP_ID: simulatedApp.appId,
    FACEBOOK_APP_SECRET: simulatedApp.appSecret,
    FACEBOOK_VERIFY_TOKEN: simulatedApp.verifyToken,
    FACEBOOK_GRAPH_URL: facebook.url,
    ZALO_SIM_URL: zalo.url,
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...env,
  })
  const app = await startApp(
    { ...config, pacing: unhurried(scaled(shippedPacing, 0.01)) },
    { clock, log: createLog(config.logLevel), extend: (_server, store) => furnish(store, town, clock()) },
  )
  await settle(app, { facebook, zalo }, town, clock())
  return {
    app,
    facebook,
    zalo,
    town,
    dataDir,
    stop: async () => {
      await app.stop()
      await facebook.stop()
      await zalo.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/**
 * With more patience for whoever answers late, and for rows that nobody has looked at yet: on a busy machine both are
 * common, and some tests count the tries.
 */
function unhurried(pacing: Pacing): Pacing {
  const { fetch, zaloWaits } = pacing
  return {
    ...pacing,
    callTimeoutMs: 8_000,
    sendLeaseMs: 10_000,
    sendingGraceMs: 15_000,
    jobLockMs: 5_000,
    forgottenAfterMs: 20_000,
    fetch: { ...fetch, timeoutMs: 8_000 },
    zaloWaits: { ...zaloWaits, callTimeoutMs: 8_000, openMs: 8_000, silentMs: 20_000, backfillAnswerMs: 8_000 },
  }
}

function urlOf({ host, port, user, password, database }: ClientConfig): string {
  const url = new URL(`postgres://localhost/${database ?? ''}`)
  if (user !== undefined) url.username = user
  if (typeof password === 'string') url.password = password
  if (host !== undefined) url.searchParams.set('host', host)
  if (port !== undefined) url.searchParams.set('port', String(port))
  return url.href
}
