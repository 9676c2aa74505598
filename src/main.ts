import { processEnv } from '../config/env.ts'
import { ConfigError, loadConfig } from '../config/load.ts'
import { startApp } from './app.ts'
import { AppError } from './lib/errors.ts'
import { createLog } from './lib/log.ts'
import { runUntilSignal } from './run-until-signal.ts'

try {
  const config = loadConfig(processEnv())
  await runUntilSignal(createLog(config.logLevel), config.pacing.shutdownMs, (onLost) => startApp(config, { onLost }))
} catch (error) {
  if (error instanceof ConfigError) for (const problem of error.problems) process.stderr.write(`${problem}\n`)
  else if (error instanceof AppError) process.stderr.write(`${error.message}\n`)
  else throw error
  process.exitCode = 1
}
