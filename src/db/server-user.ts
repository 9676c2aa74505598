import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { RefusedError } from '../lib/errors.ts'

/** The system user that the embedded server runs as when we are root: PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

/** Whose server this folder gets: null means our own. An existing folder decides, since only its owner can open it. */
export async function serverUser(pgData: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null
  const users = await systemUsers()
  const owner = await ownerOf(pgData)
  if (owner?.uid === 0) {
    const [first] = preferred(users)
    throw new RefusedError(
      `the database folder ${pgData} belongs to root, and PostgreSQL does not run as root: ` +
        `hand it over with "chown -R ${first?.name ?? 'danhoi'} ${pgData}"`,
    )
  }
  if (owner) return { ...owner, name: users.find(({ uid }) => uid === owner.uid)?.name ?? String(owner.uid) }
  const [user] = preferred(users)
  if (user) return user
  throw new RefusedError(
    'PostgreSQL does not run as root and this system has neither a user "danhoi" nor "nobody": ' +
      'create one with "useradd --system danhoi", or start as an ordinary user',
  )
}

/** Who we are, for sentences about what may not be read or written. */
export function ourName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown') // a container may run us under a number that has no name
  }
}

function preferred(users: readonly ServerUser[]): ServerUser[] {
  return ['danhoi', 'nobody'].flatMap((name) => users.filter((user) => user.name === name && user.uid > 0))
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const { uid, gid } = await stat(folder)
    return { uid, gid }
  } catch {
    return null
  }
}

async function systemUsers(): Promise<ServerUser[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
