import { type SpawnOptions, spawn } from 'node:child_process'
import { RefusedError } from '../lib/errors.ts'
import type { ServerUser } from './server-user.ts'

/** How PostgreSQL's programs are started: as the server's user, from a folder everybody may enter, in English. */
export function spawnOptions(user: ServerUser | null): SpawnOptions {
  const base: SpawnOptions = { cwd: '/', windowsHide: true }
  if (process.platform !== 'win32') base.env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  else delete base.cwd
  return user ? { ...base, uid: user.uid, gid: user.gid } : base
}

/** Runs one of PostgreSQL's programs to its end and gives what it said. */
export function runTool(
  program: string,
  args: readonly string[],
  user: ServerUser | null,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawnOptions(user), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.once('error', (error) => reject(asUnrunnable(error, program)))
    child.once('close', (code) => resolve({ code: code ?? -1, output: output.trim() }))
  })
}

/** A binary that is there and does not start belongs to another kind of system, such as Linux without glibc. */
export function asUnrunnable(error: Error, program: string): RefusedError {
  return new RefusedError(
    `the packaged PostgreSQL does not run on this system (${program}: ${error.message}): ` +
      'set DATABASE_URL to a PostgreSQL of version 15 or later',
    { cause: error },
  )
}
