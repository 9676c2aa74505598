import type { Connection } from '../../src/db/client.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { startRedis } from '../../test/support/redis.ts'
import { startPlatforms } from '../../test/support/stage.ts'
import { createTemplate } from '../../test/support/town-database.ts'
import { isOfCommand, killCommandAt } from './commands.ts'
import { killAt } from './failpoints.ts'
import { allKills, type Kill, nameOf } from './reach.ts'
import { type Outcome, outcomeOf, type Scenario, type SoakRoom } from './scenario.ts'

/** Processes of the product at a time: one for each core of a small machine. */
const AT_ONCE = 2

/** Kills the product at every failpoint, on both queue backends, and compares from outside what came of it. */
export const matrix: Scenario = {
  name: 'failpoints',
  about: 'killed before and after every commit, network call and hand-over, on PostgreSQL and on Redis',
  run: async (room) => {
    const server = await startThrowaway({ settings: { max_connections: '200' } })
    room.lifecycle.add('PostgreSQL', () => server.close())
    const template = await makeTemplate(server.connection)
    const outcomes: Outcome[] = []
    for (const backend of ['postgres', 'redis'] as const) {
      outcomes.push(...(await killEverywhere(server.connection, template, backend, allKills, room)))
    }
    return outcomes
  },
}

/** A town's database that each run is cloned from. */
export async function makeTemplate(server: Connection, pages = 1): Promise<string> {
  const { facebook, zalo, town } = await startPlatforms(1, pages)
  try {
    return await createTemplate(server, town, zalo)
  } finally {
    await facebook.stop()
    await zalo.stop()
  }
}

export async function killEverywhere(
  server: Connection,
  template: string,
  backend: 'postgres' | 'redis',
  kills: readonly Kill[],
  room: Pick<SoakRoom, 'say'>,
): Promise<Outcome[]> {
  const todo = [...kills]
  const outcomes: Outcome[] = []
  const work = async (): Promise<void> => {
    for (let kill = todo.shift(); kill !== undefined; kill = todo.shift()) {
      const outcome = await killOnce(server, template, backend, kill)
      outcomes.push(outcome)
      room.say(`${outcome.isGreen ? 'green' : 'RED  '} ${outcome.run}${outcome.why === null ? '' : `: ${outcome.why}`}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return outcomes
}

async function killOnce(
  server: Connection,
  template: string,
  backend: 'postgres' | 'redis',
  kill: Kill,
): Promise<Outcome> {
  const run = `${nameOf(kill)} on ${backend}`
  // A Redis of its own: what one run leaves in its queues must not finish the next one's work.
  const redis = backend === 'redis' ? await startRedis() : null
  try {
    const killIt = isOfCommand(kill.failpoint) ? killCommandAt : killAt
    const killed = await killIt({ server, template, kill, ...(redis === null ? {} : { redisUrl: redis.url }) })
    return outcomeOf(run, killed.balance, killed.wasReached ? null : 'the process never came to that step')
  } catch (error) {
    return { run, isGreen: false, balance: null, why: error instanceof Error ? error.message : String(error) }
  } finally {
    await redis?.stop()
  }
}
