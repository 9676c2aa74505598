import { processEnv } from '../../config/env.ts'
import { loadConfig } from '../../config/load.ts'
import { type Pacing, shippedPacing } from '../../config/pacing.ts'
import { startApp } from '../../src/app.ts'
import { createLog } from '../../src/lib/log.ts'
import { runUntilSignal } from '../../src/run-until-signal.ts'

/** The product as its own process, for one day's load in minutes: hardly a pause between sends, and no daily cap. */
const config = loadConfig(processEnv())
const pacing: Pacing = {
  ...config.pacing,
  facebook: { gapMs: 10, jitterMs: 5, perDay: 1_000_000 },
  zalo: { gapMs: 1, jitterMs: 1, perDay: 1_000_000 },
  // The backlog is worked off in minutes: what waits in it for its turn is not forgotten.
  forgottenAfterMs: shippedPacing.forgottenAfterMs,
  facebookWaits: { throttledMs: 500, blockedMs: 3_000 },
  zaloWaits: {
    ...config.pacing.zaloWaits,
    throttledMs: 300,
    quotaMs: 1_000,
    evictedWaitMs: 300,
    evictedWindowMs: 3_000,
    probeMs: 500,
    silentMs: 3_000,
    keepAliveMs: 5_000,
    // What is only in the history is found by asking.
    backfillEveryMs: 10_000,
  },
}
await runUntilSignal(createLog(config.logLevel), pacing.shutdownMs, (onLost) =>
  startApp({ ...config, pacing }, { onLost }),
)
