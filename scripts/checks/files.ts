import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Paths of all files that belong to the repository, also those not yet committed. */
export async function repositoryFiles(root: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout.split('\0').filter((path) => path !== '')
}
