import { fileURLToPath } from 'node:url'
import { simulatedApp } from '../sim/town.ts'
import type { Bench, Room } from './measure/bench.ts'
import { type Outcome, takeTurns } from './measure/blocks.ts'
import { compared, ratioOf } from './measure/compared.ts'
import { startProgram } from './measure/program.ts'
import { openRedis } from './measure/redis.ts'
import { figure } from './measure/report.ts'
import { durableNote, newDataDir, storedComments } from './measure/store.ts'

const limitServer = fileURLToPath(new URL('./servers/limit.ts', import.meta.url))
const doorServer = fileURLToPath(new URL('./servers/door.ts', import.meta.url))
const jobsServer = fileURLToPath(new URL('./servers/jobs.ts', import.meta.url))

/** How fast a signed comment is durably stored and acknowledged, against the same server that stores nothing. */
export const ingest: Bench = {
  name: 'ingest',
  run: async (room) => {
    const [together, oneByOne] = [await newDataDir(room), await newDataDir(room)]
    const limit = await startProgram(room, limitServer, [], {})
    const door = await startProgram(room, doorServer, [], { DATA_DIR: together })
    const rows = await startProgram(room, doorServer, ['row-by-row'], { DATA_DIR: oneByOne })
    const jobs = await startJobs(room)

    const urls = { limit: limit.url, door: door.url, rows: rows.url }
    const seen: Record<keyof typeof urls, Outcome> & { jobs?: Outcome } =
      jobs === null
        ? await takeTurns(room, urls, simulatedApp.appSecret)
        : await takeTurns(room, { ...urls, jobs }, simulatedApp.appSecret)

    const stored = (await storedComments(room, together)) + (await storedComments(room, oneByOne))
    const acknowledged = seen.door.acknowledged + seen.rows.acknowledged
    const overJobs = seen.jobs === undefined ? null : ratioOf(seen.door, seen.jobs).median
    return {
      figures: [
        ...compared(seen.door, seen.limit, { ratio: { atLeast: 0.85 }, p99Ms: { below: 50 } }),
        figure('rowByRowRatio', 'the same with an insert for each comment', ratioOf(seen.rows, seen.limit).median),
        figure('overJobs', 'times adding a BullMQ job for each comment to Redis', overJobs, '', { atLeast: 1.5 }),
        figure('lost', `of ${acknowledged} acknowledged, not in the database`, acknowledged - stored, '', { must: 0 }),
      ],
      notes: [
        durableNote,
        '50 connections, unique bodies of 600 bytes, no worker running',
        jobs === null
          ? 'no redis-server on this machine: not compared with BullMQ'
          : 'Redis: appendonly yes, appendfsync everysec, so a power cut may cost it a second of what it acknowledged',
      ],
    }
  },
}

async function startJobs(room: Room): Promise<string | null> {
  const dir = await newDataDir(room) // on a disk, as for PostgreSQL
  const redis = await openRedis(room, { appendonly: 'yes', appendfsync: 'everysec', dir })
  return redis === null ? null : (await startProgram(room, jobsServer, [redis], {})).url
}
