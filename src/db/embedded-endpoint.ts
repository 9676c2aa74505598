import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { errorCode, RefusedError } from '../lib/errors.ts'
import type { Connection } from './client.ts'
import type { DataDir } from './data-dir.ts'

/** Where the embedded server listens, and how we reach it there. */
export interface Endpoint {
  readonly settings: Readonly<Record<string, string>>
  readonly connection: Connection
  /** Null: loopback. */
  readonly socketFolder: string | null
}

export const embeddedUser = 'danhoi'
const socketPort = 5432 // only part of the socket's file name: nothing listens on a port
const shared = { user: embeddedUser, database: embeddedUser, ssl: false } as const

/** A unix socket in a folder that only the server's user may enter; on Windows a loopback port with a password. */
export async function openEndpoint(dataDir: DataDir, platform: string = process.platform): Promise<Endpoint> {
  if (platform === 'win32') return openLoopback(dataDir)
  const folder = socketFolder(dataDir.path, platform)
  await privateFolder(folder, dataDir)
  return {
    // a list in PostgreSQL's eyes: quoted, so that commas and spaces in DATA_DIR stay part of one path
    settings: { listen_addresses: '', port: String(socketPort), unix_socket_directories: quoted(folder) },
    connection: { ...shared, host: folder, port: socketPort },
    socketFolder: folder,
  }
}

/** How to reach a server that is already running: where its own pid file says it listens. */
export async function endpointOf(
  dataDir: DataDir,
  running: { readonly port: number; readonly socketFolder: string },
): Promise<Endpoint> {
  if (running.socketFolder === '') {
    const connection = { ...shared, host: '127.0.0.1', port: running.port, password: await password(dataDir) }
    return { settings: {}, connection, socketFolder: null }
  }
  const connection = { ...shared, host: running.socketFolder, port: running.port }
  return { settings: {}, connection, socketFolder: running.socketFolder }
}

/** The password of the loopback port, made on first use. Sockets need none: their folder is the lock. */
export async function password(dataDir: DataDir): Promise<string> {
  const file = join(dataDir.path, 'postgres-password')
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known !== '') return known.trim()
  const made = randomBytes(24).toString('base64url')
  await writeFile(file, `${made}\n`, { mode: 0o600 })
  return made
}

/** In DATA_DIR where the path is short enough for a socket (sockaddr_un holds 107 bytes, 103 on macOS), else in /tmp. */
export function socketFolder(dataDir: string, platform: string = process.platform): string {
  const folder = join(dataDir, 'run')
  const most = platform === 'darwin' ? 103 : 107
  if (Buffer.byteLength(join(folder, `.s.PGSQL.${socketPort}`)) <= most) return folder
  return `/tmp/danhoi-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
}

async function openLoopback(dataDir: DataDir): Promise<Endpoint> {
  const port = await freePort()
  return {
    settings: { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' },
    connection: { ...shared, host: '127.0.0.1', port, password: await password(dataDir) },
    socketFolder: null,
  }
}

/** Creates the folder for the server's user alone. In /tmp somebody else may have been there first: then it is refused. */
async function privateFolder(folder: string, { user }: DataDir): Promise<void> {
  const created = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'EEXIST') return false
      throw error
    },
  )
  const found = await lstat(folder)
  const ours = [process.getuid?.(), user?.uid].includes(found.uid)
  if (!found.isDirectory() || (!created && !ours))
    throw new RefusedError(
      `${folder}, where the database's socket belongs, is somebody else's: remove it and start again`,
    )
  if (user && found.uid !== user.uid) await chown(folder, user.uid, user.gid)
  if ((found.mode & 0o777) !== 0o700) await chmod(folder, 0o700)
}

function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
