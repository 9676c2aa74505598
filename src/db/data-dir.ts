import { createHash } from 'node:crypto'
import { access, chmod, constants, mkdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { RefusedError } from '../lib/errors.ts'
import { ourName, type ServerUser, serverUser } from './server-user.ts'

/** Where root keeps what the server's user must reach: PostgreSQL's binaries, and data of clones closed to others. */
export const systemFolder = '/var/lib/danhoi'

export interface DataDir {
  readonly path: string
  /** Who the embedded server runs as; null: ourselves. */
  readonly user: ServerUser | null
  /** One sentence for the log when this is not the folder that was asked for. */
  readonly note: string | null
}

/** The database's own folder inside DATA_DIR. */
export function pgDataOf(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/**
 * Decides where the data lies. As root the server runs under another user, and where that user may not enter the
 * folder (a clone under /root), a folder of this clone under /var/lib/danhoi takes its place.
 */
export async function resolveDataDir(dataDir: string): Promise<DataDir> {
  const asked = await real(resolve(dataDir))
  const user = await serverUser(pgDataOf(asked))
  if (!user || (await mayEnter(asked, user))) return { path: asked, user, note: null }
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 12)
  const path = join(systemFolder, `${basename(asked)}-${digest}`)
  const note = `data is kept in ${path}, because ${user.name}, who runs PostgreSQL for root, may not enter ${asked}`
  return { path, user: await serverUser(pgDataOf(path)), note }
}

/** Creates DATA_DIR where it is missing and makes sure that we can write in it. */
export async function prepareDataDir({ path, user }: DataDir): Promise<void> {
  try {
    if (user && path.startsWith(`${systemFolder}/`)) await openFolder(systemFolder, 0o755)
    await openFolder(path, user ? 0o711 : 0o700)
    if (!(await stat(path)).isDirectory()) throw new RefusedError(`DATA_DIR ${path} is not a folder`)
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw asDataDirError(error, path)
  }
}

/** What the system said about DATA_DIR, as one sentence that tells what to do; any other error comes back as it is. */
export function asDataDirError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const say = (text: string): RefusedError => new RefusedError(`DATA_DIR ${path} ${text}`, { cause: error })
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return say(`may not be read and written by ${ourName()}: set DATA_DIR to a folder of that user`)
  if (error.code === 'EROFS') return say('lies on a file system that is read-only: set DATA_DIR to a writable one')
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return say('lies on a full disk: free some space and start again')
  if (error.code === 'ENOTDIR' || error.code === 'EEXIST') return say('is not a folder')
  return error
}

async function openFolder(path: string, mode: number): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode })
  // mkdir's mode is cut by the umask; a folder that was there before keeps what its owner chose
  if (first !== undefined) await chmod(path, mode)
}

/** Walks down to the folder: each one that exists must let that user pass; what is missing, we shall create open. */
async function mayEnter(folder: string, user: ServerUser): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at).catch(() => null)
    if (found?.isDirectory() && !passes(found, user)) return false
    if (dirname(at) === at) return true
  }
}

function passes({ mode, uid, gid }: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (uid === user.uid) return (mode & constants.S_IXUSR) !== 0
  if (gid === user.gid) return (mode & constants.S_IXGRP) !== 0
  return (mode & constants.S_IXOTH) !== 0
}

/** The path without symbolic links, as far as it exists: two names of one folder must not become two stores. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await real(parent), basename(path))
  }
}
