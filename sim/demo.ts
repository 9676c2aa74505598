import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, ConfigError, loadConfig } from '../config/load.ts'
import { startApp } from '../src/app.ts'
import { AppError } from '../src/lib/errors.ts'
import { Lifecycle } from '../src/lib/lifecycle.ts'
import { createLog, type Log } from '../src/lib/log.ts'
import { recentTimelines } from '../src/reporting/timeline.ts'
import { runUntilSignal } from '../src/run-until-signal.ts'
import { demoRoutes } from './demo/routes.ts'
import { type DemoFolder, emptyDemoFolder, openDemoFolder } from './demo-folder.ts'
import { startFacebookSim } from './facebook/server.ts'
import type { FacebookSim } from './facebook/simulator.ts'
import { type ReservedPort, reservePort } from './reserve-port.ts'
import { furnish, settle } from './settle.ts'
import { buildTown, simulatedApp, type Town } from './town.ts'
import { startZaloSim, type ZaloSim } from './zalo/sim.ts'

/** A visitor does not wait as long as a platform wants us to: every pause between two sends is a fifth of the shipped. */
const PACE = '0.2'
const TIMELINES = 30

try {
  const log = createLog('warn', process.stderr)
  const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false } } })
  await runUntilSignal(log, 20_000, (onLost) => startDemo(log, values.reset, onLost))
} catch (error) {
  if (error instanceof ConfigError) for (const problem of error.problems) process.stderr.write(`${problem}\n`)
  else if (error instanceof AppError || isWrongUsage(error)) process.stderr.write(`${error.message}\n`)
  else throw error
  process.exitCode = 1
}

/** The whole product between both simulated platforms, in a folder of its own. */
async function startDemo(log: Log, reset: boolean, onLost: (error: Error) => void): Promise<{ stop(): Promise<void> }> {
  const parts = new Lifecycle()
  const stop = (): Promise<void> => parts.stop((part, error) => log.error({ err: error, part }, 'could not be stopped'))
  const stage = Promise.withResolvers<Stage>()
  try {
    const ports = { facebook: await reservePort(), zalo: await reservePort() }
    for (const [name, { release }] of Object.entries(ports)) parts.add(`port for ${name}`, release)
    const config = demoConfig(ports.facebook.port, ports.zalo.port)
    const folder = await openDemoFolder(config.dataDir)
    if (reset) await emptyDemoFolder(folder, log)
    process.stderr.write(`Preparing the demo in ${folder.path} …\n`)
    const app = await startApp(config, {
      log,
      onLost,
      // Only now is the folder ours: a second demo has been refused, so the simulators may open their files.
      extend: async (server, store) => {
        const opened = await openStage(config, folder, ports, parts)
        await furnish(store, opened.town, new Date())
        await server.register(demoRoutes, {
          facebookUrl: opened.facebook.url,
          zaloUrl: opened.zalo.url,
          scene: sceneOf(opened.town),
          timelines: () => recentTimelines(store.db, { limit: TIMELINES, after: new Date(0) }),
        })
        stage.resolve(opened)
      },
    })
    parts.add('the product', () => app.stop())
    const { town, ...platforms } = await stage.promise
    await settle(app, platforms, town, new Date())
    process.stdout.write(`Demo: ${app.url}/demo\n`)
    return { stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Ports = Readonly<Record<'facebook' | 'zalo', ReservedPort>>

interface Stage {
  readonly facebook: FacebookSim
  readonly zalo: ZaloSim
  readonly town: Town
}

/** PORT, HOST and DATA_DIR are the visitor's; nothing else of the environment, and no file, is looked at. */
function demoConfig(facebookPort: number, zaloPort: number): Config {
  const { PORT, HOST, DATA_DIR } = process.env
  return loadConfig({
    PORT,
    HOST,
    DATA_DIR: join(DATA_DIR || 'data', 'demo'),
    SIMULATORS: 'allow',
    PACE,
    FACEBOOK_APP_ID: simulatedApp.appId,
    FACEBOOK_APP_SECRET: simulatedApp.appSecret,
    FACEBOOK_VERIFY_TOKEN: simulatedApp.verifyToken,
    FACEBOOK_GRAPH_URL: `http://127.0.0.1:${facebookPort}`,
    ZALO_SIM_URL: `http://127.0.0.1:${zaloPort}`,
  })
}

async function openStage(config: Config, folder: DemoFolder, ports: Ports, parts: Lifecycle): Promise<Stage> {
  const allow = config.simulators
  await ports.zalo.release()
  const zalo = await startZaloSim({ allow, port: ports.zalo.port, stateFile: folder.zaloFile })
  parts.add('Zalo', () => zalo.stop())
  await ports.facebook.release()
  const { port } = ports.facebook
  const facebook = await startFacebookSim({ allow, port, keepIn: folder.facebookFile, ...simulatedApp })
  parts.add('Facebook', () => facebook.stop())
  return { facebook, zalo, town: buildTown(facebook, zalo) }
}

/** What the page has to know of the town. */
function sceneOf({ pageId, zalo }: Town): object {
  const { uid, name, officersGroup, residentsGroup, officers, deskOfficer, residents } = zalo
  const people = [
    ...officers.map((officer) => ({ ...officer, role: 'officer' })),
    { ...deskOfficer, role: 'desk' },
    ...residents.slice(0, 1).map((resident) => ({ ...resident, role: 'resident' })),
  ]
  return { pageId, accountUid: uid, accountName: name, officersGroup, residentsGroup, people }
}

function isWrongUsage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
