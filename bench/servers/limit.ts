import { Lifecycle } from '../../src/lib/lifecycle.ts'
import { createLog } from '../../src/lib/log.ts'
import { runUntilSignal } from '../../src/run-until-signal.ts'
import { serve } from './serve.ts'

/** The most that this machine could acknowledge: the same server and route, HMAC and JSON.parse, and nothing kept. */
const log = createLog('info')
await runUntilSignal(log, 5_000, () =>
  serve(log, new Lifecycle(), { keeper: { keep: async () => {} }, noiseOnly: () => null }),
)
