import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Connection } from '../../src/db/client.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../../src/db/embedded.ts'
import { isAlive, runningServer } from '../../src/db/embedded-postmaster.ts'
import { createLog } from '../../src/lib/log.ts'

/** What the child of `spawnProgram` says once it runs, or why it does not. */
const Said = z.union([
  z.object({
    connection: z.object({
      host: z.string(),
      port: z.number(),
      user: z.string(),
      database: z.string(),
      ssl: z.literal(false),
    }),
    adopted: z.boolean(),
    pid: z.number(),
    uid: z.number(),
  }),
  z.object({ error: z.string() }),
])

export const silent = createLog('silent')
export const isRoot = process.getuid?.() === 0

/** A temporary DATA_DIR that the server's user may enter; a server left in it is stopped when the test is over. */
export async function temporaryFolder(mode = 0o711): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-store-'))
  await chmod(folder, mode)
  onTestFinished(async () => {
    const running = await runningServer(join(folder, 'postgres')).catch(() => null)
    if (running) await kill(running.pid, 'SIGQUIT')
    await rm(folder, { recursive: true, force: true })
  })
  return folder
}

/** The store of a program inside this process, stopped with the test. */
export async function runStore(
  dataDir: string,
  options: Partial<Omit<EmbeddedOptions, 'dataDir'>> = {},
): Promise<Embedded> {
  const store = await startEmbedded({ dataDir, log: silent, ...options })
  onTestFinished(() => store.stop())
  return store
}

/** The store of a program in a process of its own, which can be killed; `as` runs it under another user. */
export async function spawnProgram(
  dataDir: string,
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<{ readonly child: ChildProcess; readonly said: z.infer<typeof Said> }> {
  const program = join(import.meta.dirname, 'programs', 'program.ts')
  const child = spawn(process.execPath, [program, dataDir], { ...as, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
  })
  const lines = createInterface({ input: child.stdout })
  const [line]: string[] = await once(lines, 'line')
  return { child, said: Said.parse(JSON.parse(line ?? '')) }
}

/** Sends the signal and waits until the process is gone. */
export async function kill(pid: number, signal: 'SIGKILL' | 'SIGQUIT' | 'SIGTERM'): Promise<void> {
  if (!isAlive(pid)) return
  process.kill(pid, signal)
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** One statement on a connection of its own. */
export async function query(connection: Connection, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
