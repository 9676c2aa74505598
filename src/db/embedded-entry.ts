import { rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { errorCode, RefusedError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { advisoryLocks, tryLock, tryShare, unshare } from './advisory-lock.ts'
import { asDataDirError, type DataDir, pgDataOf } from './data-dir.ts'
import type { Binaries } from './embedded-binaries.ts'
import { type Endpoint, embeddedUser, endpointOf, openEndpoint } from './embedded-endpoint.ts'
import { readyFolder } from './embedded-folder.ts'
import {
  isPostmasterOf,
  type Postmaster,
  recordedServer,
  runningServer,
  startPostmaster,
  stopServer,
} from './embedded-postmaster.ts'
import { openSession } from './program-lock.ts'

/** A folder, and all that is needed to run a server on it. */
export interface Store {
  readonly dataDir: DataDir
  readonly binaries: Binaries
  readonly log: Log
  readonly settings: Readonly<Record<string, string>>
}

/** A session that holds the shared lock `inUse` on a server that runs. */
export interface Entered {
  readonly session: pg.Client
  readonly endpoint: Endpoint
  readonly pid: number
  readonly started: boolean
}

const patienceMs = 60_000
const recoveryMs = 600_000

/** Connects to the server of this folder, starting it where none runs, and shares its use. */
export async function enter(store: Store, name: string): Promise<Entered> {
  const pgData = pgDataOf(store.dataDir.path)
  const deadline = performance.now() + patienceMs
  for (;;) {
    const entered = (await adopt(store, name)) ?? (await start(store, name))
    if (entered) {
      if (await tryShare(entered.session, advisoryLocks.inUse)) return entered
      await entered.session.end() // a command, the last to use it, is just stopping this server
      while (await isPostmasterOf(entered.pid, pgData)) await wait(20)
    }
    if (performance.now() > deadline)
      throw new RefusedError(
        `the database in ${store.dataDir.path} is held by other processes: stop them and start again`,
      )
    await wait(100)
  }
}

async function adopt(store: Store, name: string): Promise<Entered | null> {
  const pgData = pgDataOf(store.dataDir.path)
  const running = await runningServer(pgData).catch((error: unknown) => {
    throw asDataDirError(error, store.dataDir.path)
  })
  if (!running) return refuseUnseen(store, name)
  const endpoint = await endpointOf(store.dataDir, running)
  const session = await connect(store, endpoint, name, () => isPostmasterOf(running.pid, pgData))
  if (!session) return null
  if (await isOfOurVersion(session, store.binaries)) return { session, endpoint, pid: running.pid, started: false }
  // left running by the program that an update has replaced: with nobody on it, the new binaries take its place
  const alone = await tryLock(session, advisoryLocks.inUse)
  if (!alone) return { session, endpoint, pid: running.pid, started: false }
  await session.end()
  await stopServer(store.dataDir, store.binaries, running.pid)
  return null
}

/** Containers that share a folder do not see each other's processes, but the socket in it leads to the server there. */
async function refuseUnseen(store: Store, name: string): Promise<null> {
  const recorded = await recordedServer(pgDataOf(store.dataDir.path))
  if (!recorded?.socketFolder) return null
  const { connection } = await endpointOf(store.dataDir, recorded)
  const session = await openSession({ ...connection, database: 'postgres' }, name).catch(() => null)
  if (!session) return null
  await session.end()
  throw new RefusedError(
    `DATA_DIR ${store.dataDir.path} is in use by a database server (process ${recorded.pid}) that this system does not ` +
      'see, such as one in another container: stop that one first',
  )
}

async function start(store: Store, name: string): Promise<Entered | null> {
  const { created } = await readyFolder(store.dataDir, store.binaries)
  if (created) store.log.info({ dataDir: store.dataDir.path }, 'database folder created')
  const endpoint = await openEndpoint(store.dataDir)
  const settings = { ...store.settings, ...endpoint.settings }
  const postmaster = await startPostmaster({ ...store, settings, socketFolder: endpoint.socketFolder })
  const session = await connect(store, endpoint, name, async () => !postmaster.hasExited())
  if (session) return { session, endpoint, pid: postmaster.pid, started: true }
  return endOf(postmaster)
}

async function endOf(postmaster: Postmaster): Promise<null> {
  const failure = await postmaster.exited
  if (failure.why === 'failed') throw failure.error
  return null // taken, or its predecessor is still leaving: look again
}

/** Waits for a server that comes up (recovery after a crash takes its time); null when it went away instead. */
async function connect(
  store: Store,
  endpoint: Endpoint,
  name: string,
  isUp: () => Promise<boolean>,
): Promise<pg.Client | null> {
  const began = performance.now()
  let said = began
  while (await isUp()) {
    try {
      const first = await openSession({ ...endpoint.connection, database: 'postgres' }, name)
      await createDatabase(first)
      return await openSession(endpoint.connection, name)
    } catch (error) {
      if (!notYet.has(errorCode(error)) || performance.now() - began > recoveryMs) throw error
    }
    await wait(Math.min(250, 20 + (performance.now() - began) / 20))
    if (performance.now() - said < 10_000) continue
    said = performance.now()
    store.log.info({}, 'waiting for PostgreSQL, which is starting, recovering or stopping')
  }
  return null
}

// no socket yet, nobody on it, starting up or recovering, shutting down, closed while we spoke, every connection in use
const notYet = new Set(['ENOENT', 'ECONNREFUSED', '57P03', '57P01', 'ECONNRESET', 'EPIPE', '53300', 'Error'])

async function createDatabase(session: pg.Client): Promise<void> {
  try {
    const { rowCount } = await session.query('select 1 from pg_database where datname = $1', [embeddedUser])
    if (rowCount === 0) await session.query(`create database ${embeddedUser}`)
  } catch (error) {
    if (errorCode(error) !== '42P04' && errorCode(error) !== '23505') throw error // created beside us
  } finally {
    await session.end()
  }
}

async function isOfOurVersion(session: pg.Client, binaries: Binaries): Promise<boolean> {
  const { rows } = await session.query<{ server_version: string }>('show server_version')
  const version = rows[0]?.server_version.split(' ')[0] ?? ''
  return binaries.version === version || binaries.version.startsWith(`${version}.`)
}

/** Goes, and stops the server if nobody else uses it. */
export async function leave(store: Store, { session, endpoint, pid }: Entered): Promise<void> {
  await unshare(session, advisoryLocks.inUse)
  const last = await tryLock(session, advisoryLocks.inUse) // kept to the end: who arrives now waits for the next server
  if (!last) return session.end()
  await stopServer(store.dataDir, store.binaries, pid)
  await session.end()
  await removeShortFolder(endpoint, store)
}

/** A socket folder in /tmp goes with its server; the one in DATA_DIR stays for the next. */
export async function removeShortFolder({ socketFolder }: Endpoint, { dataDir }: Store): Promise<void> {
  if (socketFolder && dirname(socketFolder) !== dataDir.path) await rmdir(socketFolder).catch(() => {})
}
