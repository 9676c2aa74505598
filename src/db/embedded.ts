import { errorCode } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Connection } from './client.ts'
import { prepareDataDir, resolveDataDir } from './data-dir.ts'
import { diskSpace } from './disk-space.ts'
import { readyBinaries } from './embedded-binaries.ts'
import { type Entered, enter, leave, removeShortFolder, type Store } from './embedded-entry.ts'
import { stopServer } from './embedded-postmaster.ts'
import { keepSession, newProgramName, takeProgramLock } from './program-lock.ts'

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log: Log
  readonly sharedBuffersMb?: number
  readonly maxConnections?: number
  /** Further settings of the server, such as `{ fsync: 'off' }` for a store that is thrown away. */
  readonly settings?: Readonly<Record<string, string>>
  /** The server is gone and cannot be brought back, or another program took the folder: this program must end. */
  readonly onLost?: (error: Error) => void
}

export interface Embedded {
  readonly connection: Connection
  /** The server was running already: left behind by a program that was killed, or started by a command. */
  readonly adopted: boolean
  readonly pid: number
  stop(): Promise<void>
}

/** The embedded PostgreSQL of DATA_DIR for the running program: started, or taken over where it runs. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const store = await openStore(options)
  const name = newProgramName()
  const where = `on DATA_DIR ${store.dataDir.path}`
  const enterAsProgram = async (): Promise<Entered> => {
    const entered = await enter(store, name)
    try {
      await takeProgramLock(entered.session, name, where)
      return entered
    } catch (error) {
      await leave(store, entered)
      throw error
    }
  }
  const first = await enterAsProgram()
  let pid = first.pid
  if (!first.started) options.log.info({ pid }, 'PostgreSQL was running already: taken over')
  const lock = keepSession({
    session: first.session,
    enter: async () => {
      const again = await enterAsProgram()
      pid = again.pid
      return again.session
    },
    log: options.log,
    onLost: options.onLost ?? ((error) => options.log.warn({ code: errorCode(error) }, 'PostgreSQL lost for good')),
  })
  return {
    connection: first.endpoint.connection,
    adopted: !first.started,
    get pid() {
      return pid
    },
    stop: async () => {
      await lock.release(() => stopServer(store.dataDir, store.binaries, pid))
      await removeShortFolder(first.endpoint, store)
    },
  }
}

/** The same database for a command: beside the running program, or on a server that lasts as long as the commands. */
export async function openForCommand(
  options: Pick<EmbeddedOptions, 'dataDir' | 'log' | 'settings'>,
): Promise<{ readonly connection: Connection; readonly dataDir: string; close(): Promise<void> }> {
  const store = await openStore(options)
  const entered = await enter(store, `danhoi command ${process.pid}`)
  return {
    connection: entered.endpoint.connection,
    dataDir: store.dataDir.path,
    close: () => leave(store, entered),
  }
}

async function openStore(options: EmbeddedOptions): Promise<Store> {
  const dataDir = await resolveDataDir(options.dataDir)
  if (dataDir.note) options.log.info({ note: dataDir.note }, 'DATA_DIR moved')
  await prepareDataDir(dataDir)
  const { level, freeBytes } = await diskSpace(dataDir.path)
  if (level !== 'ok') options.log.warn({ dataDir: dataDir.path, freeBytes, level }, 'disk of DATA_DIR is running full')
  const binaries = await readyBinaries(dataDir, options.log)
  const settings = {
    shared_buffers: `${options.sharedBuffersMb ?? 64}MB`,
    max_connections: String(options.maxConnections ?? 60),
    fsync: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // statements, and the details of errors, hold what residents wrote: they stay out of the server's log
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...options.settings,
  }
  return { dataDir, binaries, log: options.log, settings }
}
