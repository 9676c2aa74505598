import { noiseOnly } from '../../bots/facebook/noise.ts'
import { processEnv } from '../../config/env.ts'
import { loadConfig } from '../../config/load.ts'
import { openStore } from '../../src/assembly/store.ts'
import type { Pool } from '../../src/db/client.ts'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { Lifecycle } from '../../src/lib/lifecycle.ts'
import { createLog } from '../../src/lib/log.ts'
import { runUntilSignal } from '../../src/run-until-signal.ts'
import { serve } from './serve.ts'

/** The product as far as the acknowledgement: what arrives is durable in the embedded PostgreSQL, and no worker runs. */
const log = createLog('info')
await runUntilSignal(log, 20_000, async (onLost) => {
  const lifecycle = new Lifecycle()
  const { pool } = await openStore(loadConfig(processEnv()), log, systemClock, lifecycle, onLost)
  const keeper = process.argv[2] === 'row-by-row' ? rowByRow(pool) : new DeliveryKeeper(pool, systemClock, () => {})
  return serve(log, lifecycle, { keeper, noiseOnly })
})

/** The same statement for every delivery alone, as a program without groups would do it. */
function rowByRow(pool: Pool): Pick<DeliveryKeeper, 'keep'> {
  return { keep: (delivery) => new DeliveryKeeper(pool, systemClock, () => {}).keep(delivery) }
}
