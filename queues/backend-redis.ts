import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { errorCode, RefusedError, toError } from '../src/lib/errors.ts'
import type { Log } from '../src/lib/log.ts'
import type { QueueBackend } from './backend.ts'
import { firstAnswer } from './first-answer.ts'
import type { QueueTimings } from './timings.ts'

const prefix = 'danhoi'

export async function openRedis(url: string, log: Log, timings: QueueTimings): Promise<QueueBackend> {
  await prepare(url, timings)

  let isClosing = false
  const copies: Redis[] = []
  class Client extends Redis {
    override duplicate(...options: Parameters<Redis['duplicate']>): Redis {
      const copy = super.duplicate(...options) // each worker of BullMQ makes one to wait on
      copies.push(copy)
      return copy
    }
  }
  const retryStrategy = (): number | null => (isClosing ? null : timings.reconnectMs)
  // Two clients: a hand-over must fail while Redis is away, a worker must go on waiting.
  const producers = new Client(url, { maxRetriesPerRequest: 1, retryStrategy })
  const workers = new Client(url, { maxRetriesPerRequest: null, retryStrategy })
  report(producers, log)
  workers.on('error', () => {}) // the same server: reported once

  return {
    openQueue: (name) => new Queue(name, { connection: producers, prefix }),
    openWorker: (name, processor, options) => new Worker(name, processor, { ...options, connection: workers, prefix }),
    reserve: async () => {},
    beginClose: () => {
      isClosing = true
      // A client that waits to connect again never reports its end, and a worker waits for that report.
      return [producers, workers, ...copies].every((client) => client.status !== 'reconnecting')
    },
    onReturn: (listener) => producers.on('ready', listener),
    close: async () => {
      for (const client of [producers, workers]) client.disconnect()
    },
  }
}

/** One line when Redis is lost and one when it is back, however often the client tries in between. */
function report(client: Redis, log: Log): void {
  let isLost = false
  client.on('error', (error) => {
    if (!isLost) log.warn({ code: errorCode(error) }, 'the queues lost Redis')
    isLost = true
  })
  client.on('ready', () => {
    if (isLost) log.info('the queues have Redis again')
    isLost = false
  })
}

async function prepare(url: string, timings: QueueTimings): Promise<void> {
  const { hostname, port } = new URL(url)
  const memory = await firstAnswer(() => readMemoryInfo(url), mayPass, timings).catch((error: unknown) => {
    const message = isRefusal(error)
      ? `Redis at ${hostname}:${port || 6379} refuses to talk to us (${replyCode(error)}): check user and password in REDIS_URL`
      : `no Redis answers at ${hostname}:${port || 6379} (${errorCode(error)}): start it, or correct or unset REDIS_URL`
    throw new RefusedError(message, { cause: error })
  })
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1]
  if (policy !== undefined && policy !== 'noeviction') {
    throw new RefusedError(
      `Redis may throw jobs away when its memory is full (maxmemory-policy is "${policy}"): set "maxmemory-policy noeviction" in redis.conf, or run "redis-cli config set maxmemory-policy noeviction"`,
    )
  }
}

async function readMemoryInfo(url: string): Promise<string> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  let lost: Error | null = null
  client.on('error', (error) => {
    lost = error // the rejection below only says that the connection is closed
  })
  try {
    await client.connect()
    return await client.info('memory')
  } catch (error) {
    throw lost ?? error
  } finally {
    client.disconnect()
  }
}

/** Redis puts its stable code into the first word of what it replies: NOAUTH, WRONGPASS, NOPERM, LOADING. */
function replyCode(error: unknown): string {
  return /^[A-Z]+(?= )/.exec(toError(error).message)?.[0] ?? ''
}

function isRefusal(error: unknown): boolean {
  return ['NOAUTH', 'WRONGPASS', 'NOPERM'].includes(replyCode(error))
}

function mayPass(error: unknown): boolean {
  return !isRefusal(error)
}
