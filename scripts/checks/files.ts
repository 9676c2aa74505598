import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Paths of all files that belong to the repository, also those not yet committed. */
export async function repositoryFiles(root: string): Promise<string[]> {
  // in a container the clone may belong to somebody else, which git refuses unless told
  const listing = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await promisify(execFile)('git', listing, { cwd: root, maxBuffer: 16 * 1024 * 1024 })
  return stdout.split('\0').filter((path) => path !== '')
}
