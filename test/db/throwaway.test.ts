import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { runningServer } from '../../src/db/embedded-postmaster.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { until } from '../support/until.ts'
import { query } from './store.ts'

it('a throwaway server leaves nothing behind', async () => {
  const server = await startThrowaway()
  const folder = dirname(String(server.connection.host))
  const answer = await query(server.connection, 'select 1 as one')

  await server.close()

  expect(answer).toEqual([{ one: 1 }])
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

it('what a killed process left behind goes with the next throwaway server', async () => {
  const program = join(import.meta.dirname, 'programs', 'throwaway.ts')
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line]: string[] = await once(createInterface({ input: child.stdout }), 'line')
  const folder = dirname(z.object({ folder: z.string() }).parse(JSON.parse(line ?? '')).folder)
  child.kill('SIGKILL')
  await until(() => child.signalCode)
  const orphan = await runningServer(join(folder, 'postgres'))

  const next = await startThrowaway()
  await next.close()

  expect(orphan).not.toBeNull()
  await until(async () => (await stat(folder).catch(() => null)) === null)
})
