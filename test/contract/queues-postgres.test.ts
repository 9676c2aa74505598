import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresBackend, isPgPool, Queue } from 'bullmq'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { BackendAddress } from '../../queues/backend.ts'
import { openQueues } from '../../queues/open.ts'
import { type Connection, openPool } from '../../src/db/client.ts'
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts'
import { createLog } from '../../src/lib/log.ts'
import { describeQueues } from './queues-contract.ts'
import type { World } from './queues-world.ts'

describeQueues('PostgreSQL', openPostgresWorld)

describe('queues on a PostgreSQL that is nearly full', () => {
  it('fewer connections than the queues need are refused in one sentence', async () => {
    const world = await openPostgresWorld()
    const connection = connectionOf(await world.fresh())
    const admin = new pg.Client(connection)
    await admin.connect()
    await admin.query(`create role few login password 'few' connection limit 5`)
    await admin.query(`grant create on database "${admin.database}" to few`)
    await admin.end()
    const opening = openQueues({
      backend: { kind: 'postgres', connection: { ...connection, user: 'few', password: 'few' } },
      log: createLog('silent'),
    })

    await expect(opening).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('max_connections'),
    })
    await world.close()
  })
})

async function openPostgresWorld(): Promise<World> {
  // Named and opened like every throwaway server, so that the next test run removes what a killed one left behind.
  const dataDir = await mkdtemp(join(tmpdir(), `danhoi-throwaway-${process.pid}-`))
  await chmod(dataDir, 0o711)
  // A server of its own, because these tests stop it; without fsync, because they do not test the disk.
  const start = (): Promise<Embedded> =>
    startEmbedded({ dataDir, log: createLog('silent'), maxConnections: 200, settings: { fsync: 'off' } })
  let server = await start()
  let used = 0

  const ask = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client(server.connection)
    await client.connect()
    try {
      return (await client.query(sql, values)).rows
    } finally {
      await client.end()
    }
  }

  return {
    keepsJobs: true,
    fresh: async () => {
      used += 1
      await ask(`create database queues_${used}`)
      return { kind: 'postgres', connection: { ...server.connection, database: `queues_${used}` } }
    },
    withWrongPassword: (address) => ({
      kind: 'postgres',
      connection: { ...connectionOf(address), user: 'nobody', password: 'wrong-password' },
    }),
    stop: () => server.stop(),
    start: async () => {
      server = await start()
    },
    connections: async (address) => {
      const database = connectionOf(address).database
      return (await ask('select 1 from pg_stat_activity where datname = $1', [database])).length
    },
    openRaw: async (address, name) => {
      const pool = openPool(connectionOf(address), 'bullmq', 5, () => {})
      if (!isPgPool(pool)) throw new Error('expected a pool')
      const queue = new Queue(name, { connection: pool }, createPostgresBackend)
      return {
        add: (job, data, options) => queue.add(job, data, options),
        pause: () => queue.pause(),
        getFailed: () => queue.getFailed(),
        close: async () => {
          await queue.close()
          await pool.end()
        },
      }
    },
    close: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function connectionOf(address: BackendAddress): Connection {
  if (address.kind !== 'postgres') throw new Error('expected a PostgreSQL')
  return address.connection
}
