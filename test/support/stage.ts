import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFacebookSim } from '../../sim/facebook/server.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import { buildTown, simulatedApp, type Town } from '../../sim/town.ts'
import { startZaloSim, type ZaloSim } from '../../sim/zalo/sim.ts'
import type { Connection } from '../../src/db/client.ts'
import { type Child, spawnChild } from './child.ts'
import { databaseUrl } from './database-url.ts'
import { freePort } from './free-port.ts'
import { secretKey } from './town-database.ts'

/** Where the product of a stage keeps its rows: a database of a server, or the server in a folder of its own. */
type StageStore = { readonly connection: Connection } | { readonly dataDir: string }

export interface StageOptions {
  readonly store: StageStore
  readonly redisUrl?: string
  /** Factor on every wait of the product. */
  readonly pace?: number
  /** Seed of whatever happens by chance on the platforms. */
  readonly seed?: number
  /** Pages of the town; one unless told otherwise. */
  readonly pages?: number
  /** What is started as the product, by its path; the product itself unless told otherwise. */
  readonly program?: string
  /** The Zalo of the town; one of the stage's own unless told otherwise. Whoever brings it stops it. */
  readonly zalo?: ZaloSim
}

/** The two platforms in this process, which live on while the product, a process of its own, is killed and started. */
export interface Stage {
  readonly facebook: FacebookSim
  readonly zalo: ZaloSim
  readonly town: Town
  /** A folder that goes with the stage. */
  readonly folder: string
  /** Starts the product, with this failpoint armed. The caller sees to it that one runs at a time. */
  start(failpoint?: string, more?: Readonly<Record<string, string>>): Child
  /** Starts a command of the operator, as typed after "danhoi". */
  command(words: readonly string[], more?: Readonly<Record<string, string>>): Child
  /** The product's environment, for other programs of it. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export async function openStage({ store, redisUrl, pace = 0.01, ...options }: StageOptions): Promise<Stage> {
  const { facebook, zalo, town } = await startPlatforms(options.seed, options.pages, options.zalo)
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-stage-'))
  const port = await introduce(facebook)
  const env = {
    SIMULATORS: 'allow',
    PORT: String(port),
    PACE: String(pace),
    BACKUP_DIR: join(folder, 'backups'),
    FACEBOOK_APP_ID: simulatedApp.appId,
    FACEBOOK_APP_SECRET: simulatedApp.appSecret,
    FACEBOOK_VERIFY_TOKEN: simulatedApp.verifyToken,
    FACEBOOK_GRAPH_URL: facebook.url,
    ZALO_SIM_URL: zalo.url,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...('dataDir' in store
      ? { DATA_DIR: store.dataDir }
      : { DATABASE_URL: databaseUrl(store.connection), SECRET_KEY: secretKey, DATA_DIR: folder }),
  }
  const children = new Set<Child>()
  const kept = (child: Child): Child => {
    children.add(child)
    void child.ended.then(() => children.delete(child))
    return child
  }
  return {
    facebook,
    zalo,
    town,
    env,
    folder,
    command: (words, more = {}) => kept(spawnChild({ ...env, ...more }, { program: 'src/cli.ts', args: words })),
    start: (failpoint, more = {}) => {
      const armed = failpoint === undefined ? {} : { FAILPOINT: failpoint }
      const { program } = options
      const child = kept(spawnChild({ ...env, ...armed, ...more }, program === undefined ? {} : { program }))
      // What Facebook could not deliver meanwhile it delivers now; in real life that takes until its next try.
      void child.started.then((isUp) => isUp && facebook.retryNow())
      return child
    },
    close: async () => {
      await Promise.all([...children].map((child) => child.kill()))
      await facebook.stop()
      if (options.zalo === undefined) await zalo.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A town on two platforms of its own, or on a Zalo that is there already. */
export async function startPlatforms(
  seed = 1,
  pages = 1,
  present?: ZaloSim,
): Promise<{ facebook: FacebookSim; zalo: ZaloSim; town: Town }> {
  const facebook = await startFacebookSim({ allow: true, ...simulatedApp, retryScale: 0.01, random: seeded(seed) })
  const zalo = present ?? (await startZaloSim({ allow: true, seed }))
  return { facebook, zalo, town: buildTown(facebook, zalo, pages) }
}

/**
 * Facebook sends nothing before the handshake, and the product may be killed before it can answer that. So somebody
 * else answers it at the address where the product will listen.
 */
async function introduce(facebook: FacebookSim): Promise<number> {
  const port = await freePort()
  await answerInstead(port, () => facebook.setWebhook({ url: `http://127.0.0.1:${port}/webhooks/facebook` }))
  return port
}

/** Answers a platform's check of an address where the product will listen. */
export async function answerInstead(port: number, check: () => Promise<unknown>): Promise<void> {
  const stand = createServer((request, response) => {
    response.end(new URL(request.url ?? '/', 'http://stand.invalid').searchParams.get('hub.challenge'))
  })
  stand.listen(port, '127.0.0.1')
  await once(stand, 'listening')
  await check()
  await new Promise((resolve) => {
    stand.close(resolve)
    stand.closeAllConnections()
  })
}

/** Numbers from 0 up to 1 that are the same in each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
