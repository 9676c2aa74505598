import { fileURLToPath } from 'node:url'
import { simulatedApp } from '../sim/town.ts'
import type { Bench } from './measure/bench.ts'
import { takeTurns } from './measure/blocks.ts'
import { compared } from './measure/compared.ts'
import { openOffice } from './measure/office.ts'
import { startProgram } from './measure/program.ts'
import { figure } from './measure/report.ts'
import { durableNote, storedComments } from './measure/store.ts'

const limitServer = fileURLToPath(new URL('./servers/limit.ts', import.meta.url))

/** The same as ingest with the whole product behind the door, whose workers take their share of the machine. */
export const ingestWhole: Bench = {
  name: 'ingest-whole',
  run: async (room) => {
    const limit = await startProgram(room, limitServer, [], {})
    const office = await openOffice(room, { pace: 1 })
    office.facebook.dropSubscription(office.town.pageId) // echoes of its own replies would be deliveries, too
    const before = await storedComments(room, office.dataDir)

    const urls = { limit: limit.url, product: office.url }
    const seen = await takeTurns(room, urls, simulatedApp.appSecret, { limit: office.pid })

    const { acknowledged } = seen.product
    const stored = (await storedComments(room, office.dataDir)) - before
    return {
      figures: [
        ...compared(seen.product, seen.limit),
        figure('lost', `of ${acknowledged} acknowledged, not in the database`, acknowledged - stored, '', { must: 0 }),
      ],
      notes: [durableNote, 'all workers run while it receives; it stands still while the limit has its turn'],
    }
  },
}
