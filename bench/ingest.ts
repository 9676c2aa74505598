import { fileURLToPath } from 'node:url'
import { simulatedApp } from '../sim/town.ts'
import type { Bench } from './measure/bench.ts'
import { takeTurns } from './measure/blocks.ts'
import { compared, ratioOf } from './measure/compared.ts'
import { startProgram } from './measure/program.ts'
import { figure } from './measure/report.ts'
import { durableNote, newDataDir, storedComments } from './measure/store.ts'

const limitServer = fileURLToPath(new URL('./servers/limit.ts', import.meta.url))
const doorServer = fileURLToPath(new URL('./servers/door.ts', import.meta.url))

/** How fast a signed comment is durably stored and acknowledged, against the same server that stores nothing. */
export const ingest: Bench = {
  name: 'ingest',
  run: async (room) => {
    const [together, oneByOne] = [await newDataDir(room), await newDataDir(room)]
    const limit = await startProgram(room, limitServer, [], {})
    const door = await startProgram(room, doorServer, [], { DATA_DIR: together })
    const rows = await startProgram(room, doorServer, ['row-by-row'], { DATA_DIR: oneByOne })

    const seen = await takeTurns(room, { limit: limit.url, door: door.url, rows: rows.url }, simulatedApp.appSecret)

    const stored = (await storedComments(room, together)) + (await storedComments(room, oneByOne))
    const acknowledged = seen.door.acknowledged + seen.rows.acknowledged
    return {
      figures: [
        ...compared(seen.door, seen.limit, { atLeast: 0.7 }),
        figure('rowByRowRatio', 'the same with an insert for each comment', ratioOf(seen.rows, seen.limit).median),
        figure('lost', `of ${acknowledged} acknowledged, not in the database`, acknowledged - stored, '', { must: 0 }),
      ],
      notes: [durableNote, '50 connections, unique bodies of 600 bytes, no worker running'],
    }
  },
}
