import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { RefusedError, toError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { advisoryLocks, lockHolder, tryLock } from './advisory-lock.ts'
import type { Connection } from './client.ts'

export interface ProgramLock {
  /** Gives the lock up; `before` runs while it is still held. */
  release(before?: () => Promise<void>): Promise<void>
}

/** The process id is for the person who reads a refusal, the rest tells our own lost sessions from those of others. */
export function newProgramName(): string {
  return `danhoi program ${process.pid} ${randomBytes(4).toString('hex')}`
}

/** The server needs a moment to see that a program was killed; its successor may be here before that. */
const takeMs = 1_000

/** How long a lost lock may be sought again, and how often in how long, before the program has to end. */
const regainMs = 30_000
const mostRegains = 5
const withinMs = 60_000

/**
 * Holds the lock of the one running program on this database; a second program is refused, commands are not. A lock
 * that is lost with its connection is taken again; `onLost` is called when that fails, and then the program must end.
 */
export async function holdProgramLock(options: {
  readonly connection: Connection
  readonly log: Log
  readonly onLost: (error: Error) => void
}): Promise<ProgramLock> {
  const name = newProgramName()
  const enter = async (): Promise<pg.Client> => {
    const session = await openSession(options.connection, name)
    try {
      await takeProgramLock(session, name, 'on this database')
      return session
    } catch (error) {
      await session.end()
      throw error
    }
  }
  return keepSession({ ...options, enter, session: await enter() })
}

/** Takes the program's lock in this session, or refuses in one sentence that names who holds it. */
export async function takeProgramLock(session: pg.Client, name: string, where: string): Promise<void> {
  const deadline = performance.now() + takeMs
  for (;;) {
    if (await tryLock(session, advisoryLocks.program)) return
    const holder = await lockHolder(session, advisoryLocks.program)
    if (holder?.name === name) {
      // our own session of before: the server has not noticed yet that its connection broke
      await session.query('select pg_terminate_backend($1)', [holder.pid])
    } else if (performance.now() > deadline) {
      const pid = holder?.name.match(/^danhoi program (\d+)/)?.[1]
      throw new RefusedError(
        `Dân hỏi already runs ${where}${pid ? `, as process ${pid}` : ''}: stop it first, or give this one a store of its own`,
      )
    }
    await wait(50)
  }
}

/** Watches the session that holds our locks and enters again when it is lost. */
export function keepSession(options: {
  readonly session: pg.Client
  readonly enter: () => Promise<pg.Client>
  readonly log: Log
  readonly onLost: (error: Error) => void
}): ProgramLock {
  let session = options.session
  let released = false
  let regaining: Promise<void> = Promise.resolve()
  const watch = (): void => {
    session.once('end', () => {
      if (!released) regaining = regain()
    })
  }
  const lostAt: number[] = []
  const regain = async (): Promise<void> => {
    options.log.warn({}, 'connection of the program lock lost')
    lostAt.push(performance.now())
    const [oldest = 0] = lostAt.slice(-mostRegains - 1)
    if (lostAt.length > mostRegains && performance.now() - oldest < withinMs)
      return options.onLost(new Error(`the database was lost ${lostAt.length} times, the last ones within a minute`))
    const deadline = performance.now() + regainMs
    for (;;) {
      try {
        session = await options.enter()
        if (released) return
        options.log.info({}, 'program lock taken again')
        return watch()
      } catch (error) {
        if (released) return
        if (error instanceof RefusedError || performance.now() > deadline) return options.onLost(toError(error))
        await wait(250)
      }
    }
  }
  watch()
  return {
    release: async (before) => {
      released = true
      await regaining
      await before?.()
      await session.end()
    },
  }
}

/** A connection of its own, outside every pool, for locks that live as long as it does. */
export async function openSession(connection: Connection, name: string): Promise<pg.Client> {
  const session = new pg.Client({
    ...connection,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    // a machine that vanished must not hold its locks for the two hours that TCP would wait
    options: '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3',
  })
  session.on('error', () => {}) // followed by `end`, which is what is listened to
  await session.connect()
  return session
}
