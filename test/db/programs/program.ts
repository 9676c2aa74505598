import { startEmbedded } from '../../../src/db/embedded.ts'
import { createLog } from '../../../src/lib/log.ts'

/** A running program with nothing in it but its store: says what it holds, stops on SIGTERM, and can be killed. */
const dataDir = process.argv[2] ?? ''
try {
  const store = await startEmbedded({ dataDir, log: createLog('silent') })
  const { connection, adopted, pid } = store
  console.log(JSON.stringify({ connection, adopted, pid, uid: process.getuid?.() }))
  process.once('SIGTERM', () => void store.stop())
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : 'unknown' }))
}
