import * as z from 'zod'
import { accountOf, type Credentials, credentialsOf, openSession } from '../world/cast.ts'
import type { World } from '../world/world.ts'
import type { Stage } from './actions.ts'

/** Which sessions end, and whether their socket notices: in the field the two die independently. */
export const Killing = z.object({ account: z.string().optional(), socket: z.enum(['close', 'keep']).default('close') })
export type Killing = z.input<typeof Killing>

/** From now on 600 on every call and 102 at the login. */
export function killSessions({ world, sockets }: Stage, { account, socket }: z.infer<typeof Killing>): void {
  for (const session of sessionsOf(world, account)) session.alive = false
  world.write({ what: 'fault', fault: 'kill sessions', account: account ?? null, detail: socket })
  if (socket === 'keep') return
  for (const uid of account === undefined ? [...world.data.accounts.keys()] : [account]) sockets.close(uid, 3003)
}

export function reviveSessions(world: World, { account }: { account?: string | undefined }): void {
  for (const session of sessionsOf(world, account)) session.alive = true
}

/** The account's own phone opens another web session: credentials with a cookie nobody has used yet. */
export function newCookie(world: World, uid: string): Credentials {
  const account = accountOf(world, uid)
  return credentialsOf(account, openSession(world, uid))
}

function sessionsOf(world: World, account: string | undefined): { alive: boolean }[] {
  return [...world.data.sessions.values()].filter((session) => account === undefined || session.account === account)
}
