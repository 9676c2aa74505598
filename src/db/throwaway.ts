import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, type Log } from '../lib/log.ts'
import type { Connection } from './client.ts'
import { openForCommand } from './embedded.ts'
import { isAlive, runningServer } from './embedded-postmaster.ts'

const prefix = 'danhoi-throwaway-'

/** A server in a temporary folder that goes with it: for filters, generated files and tests. Nothing in it is kept. */
export async function startThrowaway(
  options: { readonly settings?: Readonly<Record<string, string>>; readonly log?: Log } = {},
): Promise<{ readonly connection: Connection; close(): Promise<void> }> {
  await removeLeftOvers()
  const folder = join(tmpdir(), `${prefix}${process.pid}-${randomBytes(4).toString('hex')}`)
  await mkdir(folder, { mode: 0o711 })
  await chmod(folder, 0o711) // as root the server's own user must pass
  try {
    const store = await openForCommand({
      dataDir: folder,
      log: options.log ?? createLog('silent'),
      settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', ...options.settings },
    })
    return {
      connection: store.connection,
      close: async () => {
        await store.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Stops and removes what processes left behind that were killed. */
async function removeLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue
    const folder = join(tmpdir(), name)
    try {
      const running = await runningServer(join(folder, 'postgres'))
      if (running) process.kill(running.pid, 'SIGQUIT')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 }) // its server may still be writing there
    } catch {
      // another user's, or somebody is removing it beside us: the next one to start tries again
    }
  }
}
