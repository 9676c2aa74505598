import { createHash } from 'node:crypto'
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { errorCode, RefusedError } from '../lib/errors.ts'
import { type KeptFile, type Manifest, sha256Of } from './manifest.ts'

/** Copies a folder of files into the backup. What the last backup already holds is linked: 14 copies cost one. */
export async function keepFiles(
  from: string,
  into: string,
  last: { readonly folder: string; readonly manifest: Manifest } | null,
): Promise<KeptFile[]> {
  const known = new Map(last?.manifest.files.map((file) => [file.path, file]))
  const kept: KeptFile[] = []
  for (const path of await filesIn(from)) {
    const target = join(into, path)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const content = await readFile(join(from, path)).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null // erased while we were at it
      throw error
    })
    if (!content) continue
    const file = {
      path: `files/${path}`,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    }
    const same = last && known.get(file.path)?.sha256 === file.sha256 ? join(last.folder, file.path) : null
    if (!same || !(await linked(same, target, file.sha256))) await write(target, content)
    kept.push(file)
  }
  return kept
}

/** Puts the files of a backup in place. One that is there already must be the same. */
export async function putFiles(folder: string, manifest: Manifest, into: string): Promise<void> {
  for (const { path, sha256 } of manifest.files) {
    const target = join(into, relative('files', path))
    const present = await sha256Of(target).catch(() => null)
    if (present === sha256) continue
    if (present !== null)
      throw new RefusedError(`${target} exists and differs from the backup: restore into a new DATA_DIR`)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const fresh = `${target}.restoring`
    await rm(fresh, { force: true })
    await copyFile(join(folder, path), fresh)
    await rename(fresh, target)
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .toSorted()
}

/** Where the disk has no links, or the old copy went bad, the file is written again. */
async function linked(from: string, to: string, sha256: string): Promise<boolean> {
  if ((await sha256Of(from).catch(() => null)) !== sha256) return false
  return link(from, to).then(
    () => true,
    () => false,
  )
}

async function write(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
