import { statfs } from 'node:fs/promises'

export type DiskLevel = 'ok' | 'low' | 'critical'

export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
  readonly level: DiskLevel
}

const gib = 1024 ** 3

/** Below `low` somebody should look soon; below `critical` the store is about to refuse what residents write. */
export const diskThresholds = { lowBytes: 2 * gib, criticalBytes: gib / 2 } as const

/** How much room the disk of that folder has left for us (root's reserve does not count). */
export async function diskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  return { freeBytes, totalBytes: blocks * bsize, level: diskLevel(freeBytes) }
}

export function diskLevel(freeBytes: number): DiskLevel {
  if (freeBytes < diskThresholds.criticalBytes) return 'critical'
  return freeBytes < diskThresholds.lowBytes ? 'low' : 'ok'
}
