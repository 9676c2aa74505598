import { execFile, spawn } from 'node:child_process'
import { open, readFile, realpath, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { errorCode, RefusedError } from '../lib/errors.ts'
import { asDataDirError, type DataDir, pgDataOf } from './data-dir.ts'
import type { Binaries } from './embedded-binaries.ts'
import { asUnrunnable, runTool, spawnOptions } from './embedded-run.ts'

/** A server that runs on a database folder, as its own postmaster.pid describes it. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** Empty: it listens on loopback. */
  readonly socketFolder: string
}

/** A server that we have just started. */
export interface Postmaster {
  readonly pid: number
  hasExited(): boolean
  /** Resolves with why it ended once it has ended. */
  readonly exited: Promise<StartFailure>
}

type StartFailure =
  /** Another process started a server on this folder first. */
  | { readonly why: 'taken' }
  /** Processes of a killed server still hold its memory; they leave within seconds. */
  | { readonly why: 'leaving' }
  | { readonly why: 'failed'; readonly error: RefusedError }

/** What the folder's pid file says, true or not; null without one. */
export async function recordedServer(pgData: string): Promise<RunningServer | null> {
  const text = await readFile(join(pgData, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return ''
    throw error
  })
  const [pidLine = '', , , port = '', socketFolder = ''] = text.split('\n')
  const pid = Number.parseInt(pidLine, 10)
  return Number.isInteger(pid) ? { pid, port: Number.parseInt(port, 10) || 5432, socketFolder } : null
}

/** The live server of this folder. A pid file whose server is dead, or whose pid now belongs to others, is none. */
export async function runningServer(pgData: string): Promise<RunningServer | null> {
  const recorded = await recordedServer(pgData)
  return recorded && (await isPostmasterOf(recorded.pid, pgData)) ? recorded : null
}

/** Starts the server in a session of its own: Ctrl-C is for us, and the database must outlive our last write. */
export async function startPostmaster(options: {
  readonly dataDir: DataDir
  readonly binaries: Binaries
  readonly settings: Readonly<Record<string, string>>
  /** Null: it listens on loopback. */
  readonly socketFolder: string | null
}): Promise<Postmaster> {
  const { dataDir, binaries } = options
  const pgData = pgDataOf(dataDir.path)
  await forgetReusedPid(join(pgData, 'postmaster.pid'), pgData)
  if (options.socketFolder) await forgetReusedPid(join(options.socketFolder, '.s.PGSQL.5432.lock'), pgData)
  const log = await openLog(dataDir.path)
  const program = join(binaries.folder, 'bin', 'postgres')
  const args = [
    '-D',
    pgData,
    ...Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  try {
    const child = spawn(program, args, {
      ...spawnOptions(dataDir.user),
      detached: true,
      stdio: ['ignore', log.handle.fd, log.handle.fd],
    })
    child.unref()
    let ended = false
    const exited = new Promise<StartFailure>((resolve) => {
      child.once('error', (error) => {
        ended = true
        resolve({ why: 'failed', error: asUnrunnable(error, program) })
      })
      child.once('exit', () => {
        ended = true
        resolve(log.since().then((said) => explain(said, dataDir.path, log.file)))
      })
    })
    return { pid: child.pid ?? 0, hasExited: () => ended, exited }
  } finally {
    await log.handle.close()
  }
}

/** `pg_ctl stop -m fast`, then `immediate` (the next start recovers) when that takes too long. Waits for the end. */
export async function stopServer(dataDir: DataDir, binaries: Binaries, pid: number): Promise<void> {
  const pgData = pgDataOf(dataDir.path)
  for (const [mode, seconds] of [
    ['fast', '60'],
    ['immediate', '20'],
  ] as const) {
    if (!(await isPostmasterOf(pid, pgData))) return
    const args = ['stop', '-D', pgData, '-m', mode, '-w', '-t', seconds]
    const { code, output } = await runTool(join(binaries.folder, 'bin', 'pg_ctl'), args, dataDir.user)
    if (code === 0 || !(await isPostmasterOf(pid, pgData))) return
    if (mode === 'immediate') throw new Error(`the database server ${pid} does not stop: ${output}`)
  }
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** Whether that process is the server of this folder: pids are reused, quickly so in containers. */
export async function isPostmasterOf(pid: number, pgData: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') return true // its own start tells a stale pid file from a live one
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }))
    return stdout.includes('postgres') && stdout.includes(pgData)
  }
  // a child's title ("postgres: checkpointer") and a zombie's empty line fail here, as they should
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const [program = '', ...args] = line.split('\0')
  if (basename(program) !== 'postgres') return false
  const folder = args[args.indexOf('-D') + 1] ?? ''
  return (await realpath(folder).catch(() => folder)) === (await realpath(pgData).catch(() => pgData))
}

/**
 * The server refuses to start while the pid in a stale lock file is alive, whoever that is now. It makes an exception
 * for its own parent, so the file is made to name us: its second check, for memory still in use, stays in force.
 */
async function forgetReusedPid(file: string, pgData: string): Promise<void> {
  if (process.platform === 'win32') return
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === '') await rm(file, { force: true }) // a power cut before its content reached the disk; else a person must
  const [first = '', ...rest] = (text ?? '').split('\n')
  const pid = Number.parseInt(first, 10)
  if (!isAlive(pid) || (await isPostmasterOf(pid, pgData))) return
  await writeFile(file, [String(process.pid), ...rest].join('\n'))
}

const keepLogBytes = 5_000_000

/** The server writes its log itself, so that it goes on when we are killed. Cut at a start once it has grown large. */
async function openLog(dataDir: string): Promise<{
  readonly handle: Awaited<ReturnType<typeof open>>
  readonly file: string
  since(): Promise<string>
}> {
  const file = join(dataDir, 'postgres.log')
  try {
    if (((await stat(file).catch(() => null))?.size ?? 0) > keepLogBytes) await truncate(file)
    const handle = await open(file, 'a', 0o600)
    const from = (await handle.stat()).size
    return { handle, file, since: () => readSince(file, from) }
  } catch (error) {
    throw asDataDirError(error, dataDir)
  }
}

/** A log that went with its folder explains nothing, and costs nothing either. */
async function readSince(file: string, from: number): Promise<string> {
  const log = await readFile(file).catch(() => Buffer.alloc(0))
  return log.subarray(from).toString()
}

function explain(said: string, dataDir: string, file: string): StartFailure {
  if (/lock file .* already exists/.test(said)) return { why: 'taken' }
  if (/pre-existing shared memory block/.test(said)) return { why: 'leaving' }
  const refuse = (text: string): StartFailure => ({ why: 'failed', error: new RefusedError(text) })
  if (said.includes('No space left on device'))
    return refuse(`DATA_DIR ${dataDir} lies on a full disk: free some space and start again`)
  if (said.includes('Read-only file system'))
    return refuse(`DATA_DIR ${dataDir} lies on a file system that is read-only: set DATA_DIR to a writable one`)
  const fatal = said.split('\n').findLast((line) => /FATAL|PANIC|error while loading/.test(line))
  const reason = (fatal ?? said.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC): +/, '')
  return refuse(`the database in ${dataDir} does not start: ${reason || 'it ended without a word'} (more in ${file})`)
}
