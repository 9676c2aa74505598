import { sql } from 'kysely'
import type pg from 'pg'
import { errorCode } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Connection, Db, Tx } from './client.ts'
import { openSession } from './program-lock.ts'

/** What one process of ours tells the others. They carry no facts: whoever hears one reads the tables. */
export type Notice = 'publishing'

/** Tells every process that listens, once this transaction is committed. */
export async function notify(db: Db | Tx, notice: Notice): Promise<void> {
  await sql`select pg_notify(${channelOf(notice)}, '')`.execute(db)
}

const AGAIN_MS = 1_000

/**
 * Listens on a connection of its own for as long as this process runs; a lost one is made again. What was said in
 * between nobody repeats, so `onNotice` is also called whenever it listens anew. Returns how to stop.
 */
export async function startListening(room: {
  readonly connection: Connection
  readonly log: Log
  readonly notice: Notice
  readonly onNotice: () => void
}): Promise<() => Promise<void>> {
  const { connection, log, notice, onNotice } = room
  let isStopping = false
  let session: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined
  let opening: Promise<void> = Promise.resolve()

  const listen = async (): Promise<void> => {
    const opened = await openSession(connection, `danhoi notices ${process.pid}`)
    opened.on('notification', onNotice)
    opened.once('end', () => again('lost'))
    session = opened
    await opened.query(`listen ${channelOf(notice)}`)
  }
  const again = (code: string): void => {
    if (isStopping) return
    log.warn({ code }, 'cannot hear what other processes tell')
    session = null
    timer = setTimeout(() => {
      opening = listen().then(onNotice, (error: unknown) => {
        if (session === null) again(errorCode(error))
        else void session.end().catch(() => {}) // its end is followed by the next try
      })
    }, AGAIN_MS)
  }

  await listen()
  return async () => {
    isStopping = true
    clearTimeout(timer)
    await opening
    await session?.end()
  }
}

function channelOf(notice: Notice): string {
  return `danhoi_${notice}`
}
