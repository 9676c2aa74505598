import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { RefusedError } from '../lib/errors.ts'

export const manifestName = 'manifest.json'

/** What a person must know who finds this backup: printed after each backup and restore, and kept in each manifest. */
export const keySentence =
  'Tokens and sessions in this backup stay sealed with SECRET_KEY, which is not part of it: keep that key apart from it, ' +
  'and set it again before starting on the restored data.'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

// paths come from a file that anybody may have edited: none may lead out of its folder
const inside = (path: string): boolean =>
  !path.split('/').some((part) => ['', '.', '..'].includes(part)) && !path.includes('\\')

const KeptFile = z.object({ path: z.string().refine(inside), bytes: z.number().int().nonnegative(), sha256: Sha256 })
export type KeptFile = z.infer<typeof KeptFile>

const KeptTable = KeptFile.extend({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int().nonnegative(),
})

/** What a backup consists of. It is written last: a folder without it is no backup. */
export const Manifest = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  schemaVersion: z.number().int().positive(),
  migrations: z.array(z.object({ version: z.number().int(), name: z.string(), sha256: Sha256 })),
  tables: z.array(KeptTable),
  /** Name → last number given out. */
  sequences: z.record(z.string(), z.string().regex(/^-?\d+$/)),
  files: z.array(KeptFile),
  secrets: z.string(),
})
export type Manifest = z.infer<typeof Manifest>

/** How much a backup holds. */
export function totals({ tables, files }: Manifest): { readonly rows: number; readonly bytes: number } {
  let rows = 0
  let bytes = 0
  for (const table of tables) rows += table.rows
  for (const file of [...tables, ...files]) bytes += file.bytes
  return { rows, bytes }
}

/** The manifest of a backup folder; refused when there is none or it is not one of ours. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch((error: unknown) => {
    throw new RefusedError(`${folder} holds no finished backup: it has no ${manifestName}`, { cause: error })
  })
  try {
    return Manifest.parse(JSON.parse(text))
  } catch (error) {
    throw new RefusedError(`the ${manifestName} in ${folder} is damaged or of another version of this program`, {
      cause: error,
    })
  }
}

/** Compares every file with what the manifest says about it; the first that differs is named. */
export async function verifyFiles(folder: string, { tables, files }: Manifest): Promise<void> {
  for (const { path, sha256 } of [...tables, ...files]) {
    const found = await sha256Of(join(folder, path)).catch(() => null)
    if (found === sha256) continue
    throw new RefusedError(
      found === null ? `the backup is incomplete: ${path} is missing` : `the backup is damaged: ${path} was changed`,
    )
  }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
