import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../lib/errors.ts'
import { flushFolder } from '../lib/flush-folder.ts'

/** Files by the hash of their bytes. What stands there is whole and never changes. */
export interface FileFolder {
  /** Begins a file that is not yet part of the folder. */
  receive(): Promise<Incoming>
  /** Null: it is not there. */
  read(sha256: string): Promise<Buffer | null>
}

export interface Incoming {
  write(chunk: Buffer): Promise<void>
  /** The file is whole: it is on disk and in its place when this resolves. */
  keep(): Promise<{ readonly sha256: string; readonly bytes: number }>
  /** Forgets it; without effect once it is kept. */
  drop(): Promise<void>
}

/** `path` is backed up as it is, so what is under way lies beside it. */
export function openFolder(path: string): FileFolder {
  const beside = `${path}.partial`
  return {
    receive: async () => {
      await mkdir(beside, { recursive: true, mode: 0o700 })
      const partial = join(beside, randomUUID())
      return incoming(await open(partial, 'wx', 0o600), partial, path)
    },
    read: (sha256) => readFile(placeOf(path, sha256)).catch(nullWhenAbsent),
  }
}

/** Removes what processes that died had begun before that moment; what others are at is younger. */
export async function removePartial(path: string, before: Date): Promise<void> {
  const beside = `${path}.partial`
  for (const name of (await readdir(beside).catch(nullWhenAbsent)) ?? []) {
    const begun = await stat(join(beside, name)).catch(nullWhenAbsent)
    if (begun !== null && begun.mtime < before) await rm(join(beside, name), { force: true })
  }
}

function incoming(handle: FileHandle, partial: string, folder: string): Incoming {
  const hash = createHash('sha256')
  let bytes = 0
  let isOpen = true
  return {
    write: async (chunk) => {
      hash.update(chunk)
      bytes += chunk.length
      await handle.writeFile(chunk)
    },
    keep: async () => {
      await handle.sync()
      isOpen = false
      await handle.close()
      const sha256 = hash.digest('hex')
      await putInPlace(partial, placeOf(folder, sha256))
      return { sha256, bytes }
    },
    drop: async () => {
      if (isOpen) await handle.close()
      isOpen = false
      await rm(partial, { force: true })
    },
  }
}

async function putInPlace(partial: string, place: string): Promise<void> {
  if ((await stat(place).catch(nullWhenAbsent)) !== null) return rm(partial) // the same bytes
  await mkdir(dirname(place), { recursive: true, mode: 0o700 })
  await rename(partial, place)
  await flushFolder(dirname(place))
}

function placeOf(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256.slice(2))
}

function nullWhenAbsent(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null
  throw error
}
