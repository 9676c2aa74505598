import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Connection } from '../../src/db/client.ts'

/** Runs a program on a machine of that time zone (a process cannot change its own) and reads the JSON it prints. */
export function runInZone(zone: string, program: URL, connection: Connection, ...args: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(program), JSON.stringify(connection), ...args],
    { env: { ...process.env, TZ: zone }, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
