import { startRedis } from '../../test/support/redis.ts'
import type { Room } from './bench.ts'

/** The address of a Redis for this bench alone, or null where no redis-server is installed. */
export async function openRedis(room: Room, settings: Readonly<Record<string, string>>): Promise<string | null> {
  const starting = startRedis({ 'maxmemory-policy': 'noeviction', ...settings }).catch(() => null)
  room.lifecycle.add('Redis', async () => (await starting)?.stop())
  return (await starting)?.url ?? null
}
