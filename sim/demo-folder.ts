import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pgDataOf, prepareDataDir, resolveDataDir } from '../src/db/data-dir.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { recordedServer } from '../src/db/embedded-postmaster.ts'
import { errorCode, RefusedError } from '../src/lib/errors.ts'
import type { Log } from '../src/lib/log.ts'

/** Where the demo keeps everything: the product's store and what both simulators remember. */
export interface DemoFolder {
  readonly path: string
  readonly facebookFile: string
  readonly zaloFile: string
}

/** Finds the folder and makes sure that it can be used. */
export async function openDemoFolder(dataDir: string): Promise<DemoFolder> {
  const found = await resolveDataDir(dataDir)
  await prepareDataDir(found)
  const { path } = found
  return { path, facebookFile: join(path, 'facebook.json'), zaloFile: join(path, 'zalo.json') }
}

/** Removes everything in the folder, unless a demo is running on it or it holds what no demo has made. */
export async function emptyDemoFolder({ path }: DemoFolder, log: Log): Promise<void> {
  const names = await readdir(path)
  if (names.length === 0) return
  if (!names.some((name) => name === 'secret.key' || name.startsWith('postgres'))) {
    throw new RefusedError(`${path} holds files that are not the demo's: it is not emptied, choose another DATA_DIR`)
  }
  if ((await recordedServer(pgDataOf(path))) !== null) {
    // Refused while another demo runs; a server that a killed demo left behind is taken over and ends here.
    const server = await startEmbedded({ dataDir: path, log })
    await server.stop()
  }
  for (const name of names) {
    await rm(join(path, name), { recursive: true, force: true }).catch((error: unknown) => {
      throw new RefusedError(`${join(path, name)} could not be removed (${errorCode(error)})`, { cause: error })
    })
  }
}
