import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import type { BackendAddress } from '../../queues/backend.ts'
import { openQueues } from '../../queues/open.ts'
import { createLog } from '../../src/lib/log.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { describeQueues } from './queues-contract.ts'
import type { World } from './queues-world.ts'

describeQueues('Redis', openRedisWorld)

describe('queues on a Redis with other settings', () => {
  let redis: TestRedis | null = null

  afterEach(() => redis?.stop())

  it.each(['allkeys-lru', 'volatile-ttl'])('maxmemory-policy %s is refused and the right one named', async (policy) => {
    redis = await startRedis({ 'maxmemory-policy': policy })

    const opening = openQueues({ backend: { kind: 'redis', url: redis.url }, log: createLog('silent') })

    await expect(opening).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(new RegExp(`"${policy}".*maxmemory-policy noeviction`)),
    })
  })

  it('a password in the address is used', async () => {
    redis = await startRedis({ requirepass: 'right-password' })
    const url = redis.url.replace('redis://', 'redis://:right-password@')

    const queues = await openQueues({ backend: { kind: 'redis', url }, log: createLog('silent') })

    await queues.wake('intake')
    expect((await queues.counts()).intake.waiting).toBe(1)
    await queues.close()
  })
})

async function openRedisWorld(): Promise<World> {
  const databases = 100
  const redis = await startRedis({ databases: String(databases) })
  let used = 0
  return {
    keepsJobs: false,
    fresh: async () => {
      used += 1
      return { kind: 'redis', url: `${redis.url}/${used % databases}` }
    },
    withWrongPassword: (address) => ({
      kind: 'redis',
      url: urlOf(address).replace('redis://', 'redis://nobody:wrong-password@'),
    }),
    stop: redis.kill,
    start: redis.start,
    connections: async (address) => {
      const client = new Redis(redis.url)
      const list = String(await client.client('LIST'))
      client.disconnect()
      const database = new URL(urlOf(address)).pathname.slice(1)
      return list.split('\n').filter((line) => line.includes(` db=${database} `)).length
    },
    openRaw: async (address, name) => {
      const { hostname, port, pathname } = new URL(urlOf(address))
      return new Queue(name, {
        connection: { host: hostname, port: Number(port), db: Number(pathname.slice(1)) },
        prefix: 'danhoi',
      })
    },
    close: redis.stop,
  }
}

function urlOf(address: BackendAddress): string {
  if (address.kind !== 'redis') throw new Error('expected a Redis')
  return address.url
}
