import { startFacebookSim } from '../../sim/facebook/server.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import { furnish, settle } from '../../sim/settle.ts'
import { buildTown, simulatedApp, type Town } from '../../sim/town.ts'
import { startZaloSim, type ZaloSim } from '../../sim/zalo/sim.ts'
import { claimInstallation } from '../../src/assembly/installation.ts'
import { loadKeyRing } from '../../src/assembly/secret-key.ts'
import { openDb } from '../../src/db/client.ts'
import { migrate, migrationsFolder } from '../../src/db/migrate.ts'
import type { Room } from './bench.ts'
import { type Program, startProgram } from './program.ts'
import { newDataDir, type OpenStore, openStore } from './store.ts'

export interface Office {
  readonly facebook: FacebookSim
  readonly zalo: ZaloSim
  readonly town: Town
  readonly dataDir: string
  readonly url: string
  readonly pid: number
}

/** The whole product as its own process on the embedded default, between both platforms in ours; its officers are bound. */
export async function openOffice(
  room: Room,
  { pace, pages = 1 }: { readonly pace: number; readonly pages?: number },
): Promise<Office> {
  const dataDir = await newDataDir(room)
  const facebook = await startFacebookSim({ allow: true, ...simulatedApp })
  room.lifecycle.add('Facebook', () => facebook.stop())
  const zalo = await startZaloSim({ allow: true })
  room.lifecycle.add('Zalo', () => zalo.stop())
  const town = buildTown(facebook, zalo, pages)

  await withStore(room, dataDir, async ({ pool, dataDir: folder }) => {
    await migrate(pool, { folder: migrationsFolder })
    const db = openDb(pool)
    await claimInstallation(db, true, new Date())
    await furnish({ db, keyRing: await loadKeyRing(null, folder) }, town, new Date())
  })
  const { url, pid } = await startProduct(room, dataDir, { facebook, zalo, pace })
  await withStore(room, dataDir, ({ pool }) => settle({ db: openDb(pool), url }, { facebook, zalo }, town, new Date()))
  return { facebook, zalo, town, dataDir, url, pid }
}

function startProduct(
  room: Room,
  dataDir: string,
  { facebook, zalo, pace }: Pick<Office, 'facebook' | 'zalo'> & { pace: number },
): Promise<Program> {
  return startProgram(room, 'src/main.ts', [], {
    SIMULATORS: 'allow',
    PORT: '0',
    DATA_DIR: dataDir,
    PACE: String(pace),
    FACEBOOK_APP_ID: simulatedApp.appId,
    FACEBOOK_APP_SECRET: simulatedApp.appSecret,
    FACEBOOK_VERIFY_TOKEN: simulatedApp.verifyToken,
    FACEBOOK_GRAPH_URL: facebook.url,
    ZALO_SIM_URL: zalo.url,
  })
}

/** Works on the database for a moment and leaves no connection behind. */
async function withStore(room: Room, dataDir: string, work: (store: OpenStore) => Promise<void>): Promise<void> {
  const store = await openStore(room, dataDir)
  try {
    await work(store)
  } finally {
    await store.close()
  }
}
