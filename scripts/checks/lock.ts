import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findGaps, findUnsafe, readLock } from '../lock-gaps.ts'

/** Why `npm ci` would fail or trust too much, one sentence each. */
export async function findLockProblems(root: string): Promise<string[]> {
  const lock = readLock(await readFile(join(root, 'package-lock.json'), 'utf8'))
  return [
    ...findGaps(lock).map(({ place, wanted }) => `${place} (${wanted}) is missing: run "npm run lock"`),
    ...findUnsafe(lock),
  ]
}
