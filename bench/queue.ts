import type { BackendAddress } from '../queues/backend.ts'
import { forEachQueue } from '../queues/definitions.ts'
import { openQueues, type Queues } from '../queues/open.ts'
import { EventId, newId } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import type { Bench, Room } from './measure/bench.ts'
import { openRedis } from './measure/redis.ts'
import { type Figure, figure } from './measure/report.ts'
import { median } from './measure/statistics.ts'
import { durableNote, newDataDir, openStore } from './measure/store.ts'

/** How many jobs a second pass through the queues, and how soon one alone is taken. */
export const queue: Bench = {
  name: 'queue',
  run: async (room) => {
    const postgres = await openPostgres(room)
    const redis = await openRedisBelt(room)
    const belts = [{ name: 'postgres', belt: postgres, speeds: [] as Speed[] }]
    if (redis !== null) belts.push({ name: 'redis', belt: redis, speeds: [] })
    const [rounds, jobs] = room.quick ? [2, 1_000] : [5, 4_000]
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, belt, speeds } of belts) {
        const speed = await measure(belt, jobs)
        speeds.push(speed)
        room.say(`${name}: ${Math.round(speed.perSecond)} jobs/s`)
      }
    }
    return {
      figures: belts.flatMap(({ name, speeds }) => asFigures(name, speeds)),
      notes: [
        durableNote,
        `${jobs} jobs a round, 4 at once as shipped, handlers that do nothing`,
        ...(redis === null ? ['no redis-server on this machine: only PostgreSQL was measured'] : []),
      ],
    }
  },
}

interface Belt {
  readonly queues: Queues
  /** Resolves when this many more jobs have been handled. */
  handled(count: number): Promise<void>
  /** While it is closed, a job that was taken waits in its handler. */
  close(): () => void
}

interface Speed {
  readonly addedPerSecond: number
  readonly perSecond: number
  readonly takenAfterMs: number
}

const SINGLES = 50

async function measure({ queues, handled, close }: Belt, jobs: number): Promise<Speed> {
  const events = Array.from({ length: jobs }, () => ({ eventId: newId(EventId, new Date()) }))
  const open = close()
  const addingFrom = performance.now()
  await queues.enqueueMany('triage', events, { lane: 'live' })
  const addingMs = performance.now() - addingFrom

  const all = handled(jobs)
  const from = performance.now()
  open()
  await all
  const ms = performance.now() - from

  const waits: number[] = []
  for (let single = 0; single < SINGLES; single += 1) {
    const taken = handled(1)
    const addedAt = performance.now()
    await queues.enqueue('triage', { eventId: newId(EventId, new Date()) }, { lane: 'live' })
    await taken
    waits.push(performance.now() - addedAt)
  }
  return {
    addedPerSecond: (jobs / addingMs) * 1_000,
    perSecond: (jobs / ms) * 1_000,
    takenAfterMs: median(waits),
  }
}

function asFigures(name: string, speeds: readonly Speed[]): Figure[] {
  const middle = (pick: (speed: Speed) => number): number => median(speeds.map(pick))
  return [
    figure(
      `${name}PerSecond`,
      `${name}: jobs handled`,
      middle((speed) => speed.perSecond),
      '/s',
    ),
    figure(
      `${name}AddedPerSecond`,
      `${name}: jobs added, 500 at once`,
      middle((speed) => speed.addedPerSecond),
      '/s',
    ),
    figure(
      `${name}TakenP50Ms`,
      `${name}: a single job is taken after, median`,
      middle((speed) => speed.takenAfterMs),
      'ms',
    ),
  ]
}

async function openBelt(room: Room, backend: BackendAddress): Promise<Belt> {
  const queues = await openQueues({ backend, log: createLog('warn', process.stderr) })
  room.lifecycle.add(`queues on ${backend.kind}`, () => queues.close())
  let left = 0
  let reached = (): void => {}
  let gate: Promise<void> = Promise.resolve()
  const take = async (): Promise<void> => {
    await gate
    left -= 1
    if (left === 0) reached()
  }
  await queues.startWorkers(
    forEachQueue(() => take),
    { only: ['triage'] },
  )
  return {
    queues,
    handled: (count) => {
      left = count
      return new Promise((resolve) => {
        reached = resolve
      })
    },
    close: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}

async function openPostgres(room: Room): Promise<Belt> {
  const store = await openStore(room, await newDataDir(room))
  return openBelt(room, { kind: 'postgres', connection: store.connection })
}

async function openRedisBelt(room: Room): Promise<Belt | null> {
  const url = await openRedis(room, {})
  return url === null ? null : openBelt(room, { kind: 'redis', url })
}
