import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { asDataDirError, resolveDataDir, systemFolder } from '../../src/db/data-dir.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { packagedBinaries, readyBinaries } from '../../src/db/embedded-binaries.ts'
import { socketFolder } from '../../src/db/embedded-endpoint.ts'
import { runningServer } from '../../src/db/embedded-postmaster.ts'
import { until } from '../support/until.ts'
import { isRoot, kill, query, runStore, silent, spawnProgram, temporaryFolder } from './store.ts'

const run = promisify(execFile)
const nobody = { uid: 65_534, gid: 65_534 }

it('a folder that the server may enter is used as it is', async () => {
  const folder = await temporaryFolder()

  expect(await resolveDataDir(join(folder, 'data'))).toMatchObject({ path: join(folder, 'data'), note: null })
})

it.runIf(isRoot)(
  'as root with the clone closed to others the data goes to a folder of this clone that is open',
  async () => {
    const closed = await temporaryFolder(0o700)
    const asked = join(closed, 'data')
    const { path, note, user } = await resolveDataDir(asked)
    onTestFinished(() => rm(path, { recursive: true, force: true }))

    const store = await runStore(asked)

    expect(path).toMatch(new RegExp(`^${systemFolder}/data-[0-9a-f]{12}$`))
    expect(note).toBe(
      `data is kept in ${path}, because ${user?.name}, who runs PostgreSQL for root, may not enter ${asked}`,
    )
    expect(await query(store.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await stat(join(path, 'postgres'))).uid).toBe(user?.uid)
    expect(await resolveDataDir(path)).toEqual({ path, user, note: null })
    await store.stop()
  },
)

it.runIf(isRoot)(
  'an ordinary user needs nothing but a folder, and root carries on as the owner of that folder',
  async () => {
    const dataDir = await temporaryFolder(0o777)
    const { child, said } = await spawnProgram(join(dataDir, 'data'), nobody)
    if ('error' in said) throw new Error(said.error)
    const owner = await stat(join(dataDir, 'data', 'postgres'))
    await query(said.connection, 'create table kept as select 7 as n')
    child.kill('SIGTERM')
    await until(() => child.exitCode !== null)

    const store = await runStore(join(dataDir, 'data'))

    expect({ uid: said.uid, owner: owner.uid }).toEqual({ uid: nobody.uid, owner: nobody.uid })
    expect(await query(store.connection, 'select n from kept')).toEqual([{ n: 7 }])
    await store.stop()
  },
)

it.runIf(isRoot)('a DATA_DIR of somebody else is refused in one sentence', async () => {
  const dataDir = await temporaryFolder(0o700)

  const { said } = await spawnProgram(join(dataDir, 'data'), nobody)

  expect(said).toEqual({
    error: `DATA_DIR ${join(dataDir, 'data')} may not be read and written by nobody: set DATA_DIR to a folder of that user`,
  })
})

it.runIf(isRoot)('a database folder of root is refused with the command that hands it over', async () => {
  const dataDir = await temporaryFolder()
  await mkdir(join(dataDir, 'postgres'))

  await expect(startEmbedded({ dataDir, log: silent })).rejects.toThrow('belongs to root')
})

it('a file in the place of DATA_DIR is refused', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'data'), '')

  await expect(startEmbedded({ dataDir: join(folder, 'data'), log: silent })).rejects.toThrow('is not a folder')
  await expect(startEmbedded({ dataDir: join(folder, 'data', 'x'), log: silent })).rejects.toThrow('is not a folder')
})

it('what the system says about DATA_DIR becomes one sentence each', () => {
  const sentences = ['EACCES', 'EROFS', 'ENOSPC', 'ENOTDIR'].map((code) =>
    String(asDataDirError(Object.assign(new Error('x'), { code }), '/srv/data')),
  )

  expect(sentences).toEqual([
    expect.stringMatching(/^RefusedError: DATA_DIR \/srv\/data may not be read and written by .+: set DATA_DIR to /),
    'RefusedError: DATA_DIR /srv/data lies on a file system that is read-only: set DATA_DIR to a writable one',
    'RefusedError: DATA_DIR /srv/data lies on a full disk: free some space and start again',
    'RefusedError: DATA_DIR /srv/data is not a folder',
  ])
})

it('a full disk is named when the store is created, and when a store that exists starts on it', async ({ skip }) => {
  const disk = (await smallDisk(60)) ?? skip('mounting a small disk is not possible here')
  const dataDir = join(disk, 'data')
  await writeFile(join(disk, 'ballast'), Buffer.alloc(45 * 1024 * 1024))
  const created = await startEmbedded({ dataDir, log: silent }).catch((error: unknown) => error)
  await unlink(join(disk, 'ballast'))
  const store = await startEmbedded({ dataDir, log: silent, settings: { min_wal_size: '32MB' } })
  await store.stop()
  await run('sh', ['-c', 'dd if=/dev/zero of="$0/ballast" bs=4k 2>/dev/null || true', disk])

  const started = await startEmbedded({ dataDir, log: silent }).catch((error: unknown) => error)

  const sentence = `RefusedError: DATA_DIR ${dataDir} lies on a full disk: free some space and start again`
  expect({ created: String(created), started: String(started) }).toEqual({ created: sentence, started: sentence })
})

it('a platform without binaries is told to bring its own PostgreSQL', async () => {
  await expect(packagedBinaries('sunos', 'sparc')).rejects.toThrow(
    'no PostgreSQL is packaged for sunos on sparc: set DATABASE_URL to a PostgreSQL of version 15 or later',
  )
})

it('binaries whose install script never ran get their links, and run', async () => {
  const dataDir = await temporaryFolder()
  const packaged = await packagedBinaries()
  const native = join(dataDir, 'native')
  await cp(packaged.folder, native, { recursive: true, verbatimSymlinks: true })
  for (const { link } of packaged.links) await rm(join(native, link), { force: true })
  for (const name of await readdir(join(native, 'bin'))) await chmod(join(native, 'bin', name), 0o644)

  const ready = await readyBinaries({ path: dataDir, user: null, note: null }, silent, { ...packaged, folder: native })

  expect(ready.folder).toBe(native)
  expect((await run(join(native, 'bin', 'initdb'), ['--version'])).stdout).toContain('18.4')
})

it('a killed start leaves no half database: what it began is removed by the next', async () => {
  const dataDir = await temporaryFolder()
  await mkdir(join(dataDir, 'postgres.new-999999999-dead'))

  await runStore(dataDir)

  expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log', 'run'])
})

it('a folder made by another major version is refused with the way out', async () => {
  const dataDir = await temporaryFolder()
  await (await startEmbedded({ dataDir, log: silent })).stop()
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')

  await expect(startEmbedded({ dataDir, log: silent })).rejects.toThrow(
    'was made by PostgreSQL 17, this version brings 18.4',
  )
})

it('a server that this system does not see, as in another container, keeps its folder', async () => {
  const dataDir = await temporaryFolder()
  const store = await runStore(dataDir)
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(/^\d+/, '999999999'))

  const refused = await startEmbedded({ dataDir, log: silent }).catch((error: unknown) => String(error))
  await writeFile(file, text)

  expect(refused).toContain('in use by a database server (process 999999999) that this system does not see')
  expect(await query(store.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

it('the socket leaves DATA_DIR exactly where its path would pass what the system can hold', () => {
  const rest = Buffer.byteLength('/run/.s.PGSQL.5432')
  const fits = `/${'d'.repeat(107 - rest - 1)}`

  expect(socketFolder(fits, 'linux')).toBe(`${fits}/run`)
  expect(socketFolder(`${fits}d`, 'linux')).toMatch(/^\/tmp\/danhoi-/)
  expect(socketFolder(fits, 'darwin')).toMatch(/^\/tmp\/danhoi-/)
})

async function smallDisk(megabytes: number): Promise<string | null> {
  if (!isRoot || process.platform !== 'linux') return null
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-disk-'))
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'none', folder]).catch(
    () => null,
  )
  onTestFinished(async () => {
    const running = await runningServer(join(folder, 'data', 'postgres')).catch(() => null)
    if (running) await kill(running.pid, 'SIGQUIT')
    if (mounted) await run('umount', [folder])
    await rm(folder, { recursive: true, force: true })
  })
  return mounted ? folder : null
}
