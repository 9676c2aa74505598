import { startZaloSim } from '../../sim/zalo/sim.ts'
import { createLog } from '../../src/lib/log.ts'
import { runUntilSignal } from '../../src/run-until-signal.ts'

/** A Zalo in a process of its own, so that what it takes is not counted as ours. */
const log = createLog('info')
await runUntilSignal(log, 5_000, async () => {
  const sim = await startZaloSim({ allow: true })
  log.info({ url: sim.url }, 'started')
  return { stop: () => sim.stop() }
})
