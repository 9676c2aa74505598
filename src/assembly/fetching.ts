import type { Workshop } from '../../queues/workers/workshop.ts'
import { diskSpace } from '../db/disk-space.ts'
import { type FetchLimits, fetchFile } from '../files/fetch.ts'
import type { FileFolder } from '../files/folder.ts'

export interface FetchingRoom {
  readonly dataDir: string
  readonly folder: FileFolder
  readonly limits: FetchLimits
  /** Where platforms are simulated, files come from this machine. */
  readonly simulators: boolean
}

/** How this process fetches residents' files: not while they would take the last room from what residents write. */
export function createFetching({ dataDir, folder, limits, simulators }: FetchingRoom): Workshop['fetchFile'] {
  return async (url, domains, stop) => {
    const disk = await diskSpace(dataDir).catch(() => null)
    if (disk?.level === 'critical') return { state: 'failed', reason: 'disk_full' }
    return fetchFile(url, { domains, loopback: simulators }, { folder, limits }, stop)
  }
}
