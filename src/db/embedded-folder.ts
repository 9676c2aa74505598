import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode, RefusedError } from '../lib/errors.ts'
import { flushFolder } from '../lib/flush-folder.ts'
import { asDataDirError, type DataDir, pgDataOf } from './data-dir.ts'
import type { Binaries } from './embedded-binaries.ts'
import { embeddedUser, password } from './embedded-endpoint.ts'
import { isAlive } from './embedded-postmaster.ts'
import { runTool } from './embedded-run.ts'
import { ourName } from './server-user.ts'

/** Makes sure that DATA_DIR holds a database folder that these binaries can open. */
export async function readyFolder(dataDir: DataDir, binaries: Binaries): Promise<{ created: boolean }> {
  const pgData = pgDataOf(dataDir.path)
  const found = await stat(pgData).catch(() => null)
  if (found && !dataDir.user && process.getuid && found.uid !== process.getuid())
    throw new RefusedError(
      `the database folder ${pgData} belongs to another user than ${ourName()}: start as its owner, or hand it over`,
    )
  const created = !(await exists(join(pgData, 'PG_VERSION')))
  if (created) await createFolder(dataDir, binaries)
  const made = (
    await readFile(join(pgData, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
      throw asDataDirError(error, dataDir.path)
    })
  ).trim()
  if (made !== binaries.version.split('.')[0])
    throw new RefusedError(
      `the database in ${pgData} was made by PostgreSQL ${made}, this version brings ${binaries.version}: ` +
        'take a backup with the version that made it, then restore it into a new DATA_DIR',
    )
  const { mode } = await stat(pgData)
  // a copied folder comes with wider rights, with which the server refuses to start
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') await chmod(pgData, 0o700)
  return { created }
}

/** Into a name of its own and renamed when complete: a crash here leaves no half folder, and two at once do no harm. */
async function createFolder(dataDir: DataDir, binaries: Binaries): Promise<void> {
  const pgData = pgDataOf(dataDir.path)
  await removeLeftOvers(dataDir.path)
  const fresh = join(dataDir.path, `${newPrefix}${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(fresh, { mode: 0o700 })
    if (dataDir.user) await chown(fresh, dataDir.user.uid, dataDir.user.gid)
    await initdb(fresh, dataDir, binaries)
    await rename(fresh, pgData)
    await flushFolder(dirname(pgData))
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    if (await exists(join(pgData, 'PG_VERSION'))) return // somebody started beside us and was faster
    if (errorCode(error) === 'ENOTEMPTY')
      throw new RefusedError(`${pgData} exists and is no database folder: move it away and start again`, {
        cause: error,
      })
    throw asDataDirError(error, dataDir.path)
  }
}

const newPrefix = 'postgres.new-'

async function initdb(folder: string, dataDir: DataDir, binaries: Binaries): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${embeddedUser}`,
    '--encoding=UTF8',
    // plain C would leave lower('ĐƯỜNG') as it is
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(await authentication(dataDir)),
  ]
  const { code, output } = await runTool(join(binaries.folder, 'bin', 'initdb'), args, dataDir.user)
  if (code === 0) return
  if (output.includes('No space left on device'))
    throw new RefusedError(`DATA_DIR ${dataDir.path} lies on a full disk: free some space and start again`)
  const reason = output.split('\n').findLast((line) => /error|fatal/i.test(line)) ?? `initdb ended with ${code}`
  throw new RefusedError(`no database could be created in ${dataDir.path}: ${reason.trim()}`)
}

/** On a socket the folder's mode 0700 is what keeps others out; a port asks for the password. */
async function authentication(dataDir: DataDir): Promise<string[]> {
  if (process.platform !== 'win32') return ['--auth-local=trust', '--auth-host=reject']
  const file = join(dataDir.path, 'postgres-password')
  await writeFile(file, `${await password(dataDir)}\n`, { mode: 0o600 })
  return ['--auth-local=reject', '--auth-host=scram-sha-256', `--pwfile=${file}`]
}

/** Folders that a killed start left behind; that of a start still at work stays. */
async function removeLeftOvers(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(newPrefix)) continue
    const pid = Number.parseInt(name.slice(newPrefix.length), 10)
    if (pid === process.pid || isAlive(pid)) continue
    await rm(join(dataDir, name), { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
