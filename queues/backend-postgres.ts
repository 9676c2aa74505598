import { createPostgresBackend, isPgPool, type PgPool, Queue, runMigrations, Worker } from 'bullmq'
import { type Connection, openPool } from '../src/db/client.ts'
import { errorCode, RefusedError } from '../src/lib/errors.ts'
import type { Log } from '../src/lib/log.ts'
import type { QueueBackend } from './backend.ts'
import { queueNames } from './definitions.ts'
import { firstAnswer } from './first-answer.ts'
import type { QueueTimings } from './timings.ts'

type Pool = ReturnType<typeof openPool>

const schema = 'bullmq'
/** Each worker keeps one connection for its notifications; a pool without some left over waits for ever, silently. */
const poolSize = queueNames.length + 8

export async function openPostgres(connection: Connection, log: Log, timings: QueueTimings): Promise<QueueBackend> {
  const pool = openPool(connection, schema, poolSize, (error) =>
    log.warn({ code: errorCode(error) }, 'the queues lost a connection to PostgreSQL'),
  )
  try {
    await prepare(pool, timings)
  } catch (error) {
    await pool.end()
    throw error
  }

  const connections = asBullPool(pool)
  return {
    openQueue: (name) => new Queue(name, { connection: connections }, createPostgresBackend),
    openWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: connections }, createPostgresBackend),
    reserve: () => reserve(pool),
    beginClose: () => true, // workers of BullMQ leave a PostgreSQL that is away
    onReturn: () => {}, // jobs and schedules are rows: a restart keeps them
    close: () => pool.end(),
  }
}

/** The pool by the type that BullMQ has for it: its declaration of `on` differs from that of pg. */
function asBullPool(pool: Pool): PgPool {
  if (!isPgPool(pool)) throw new TypeError('expected a pool of pg')
  return pool
}

/** Before anything is built: a BullMQ object whose first connection fails never recovers and may spin for ever. */
async function prepare(pool: Pool, timings: QueueTimings): Promise<void> {
  const client = await firstAnswer(() => pool.connect(), mayPass, timings).catch((error: unknown) => {
    const message = `the queues cannot reach PostgreSQL (${errorCode(error)}): check that it runs and that DATABASE_URL is right`
    throw new RefusedError(message, { cause: error })
  })
  try {
    await runMigrations(client, schema) // under an advisory lock: two processes may start together
  } finally {
    client.release()
  }
}

/** A wrong password (class 28) or a missing database (3D000) stays so until a person acts. */
function mayPass(error: unknown): boolean {
  const code = errorCode(error)
  return !code.startsWith('28') && code !== '3D000'
}

/** Opens the connections the pool may still open and leaves them idle, so that no worker meets a server that is full. */
async function reserve(pool: Pool): Promise<void> {
  const inUse = pool.totalCount - pool.idleCount
  const opened = await Promise.allSettled(Array.from({ length: poolSize - inUse }, () => pool.connect()))
  for (const one of opened) if (one.status === 'fulfilled') one.value.release()
  const failed = opened.find((one) => one.status === 'rejected')
  if (failed === undefined) return
  const message = `the queues need ${poolSize} connections to PostgreSQL and got fewer (${errorCode(failed.reason)}): raise max_connections`
  throw new RefusedError(message, { cause: failed.reason })
}
