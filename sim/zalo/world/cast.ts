import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { accountNamed, digits, personNamed } from './ids.ts'
import { type Account, type Group, type Person, type Session, SimError } from './types.ts'
import type { World } from './world.ts'

/** What zca-js logs in with. */
export interface Credentials {
  imei: string
  userAgent: string
  cookie: { domain: string; name: string; value: string; path: string; secure: boolean; httpOnly: boolean }[]
}

export const AddAccount = z.object({
  name: z.string().min(1),
  uid: z.string().optional(),
  phone: z.string().optional(),
})
export type AddAccount = z.input<typeof AddAccount>
export const AddPerson = z.object({ name: z.string().min(1), id: z.string().optional(), phone: z.string().optional() })
export type AddPerson = z.input<typeof AddPerson>
export const AddGroup = z.object({
  name: z.string().min(1),
  id: z.string().optional(),
  members: z.array(z.string()).default([]),
  accounts: z.array(z.string()).default([]),
  lockViewMember: z.boolean().optional(),
  lockSendMsg: z.boolean().optional(),
  admins: z.array(z.string()).optional(),
})
export type AddGroup = z.input<typeof AddGroup>

const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0'

/** A bot account with a living web session. Asked again for the same uid it returns the session that is there. */
export function addAccount(world: World, input: AddAccount): { uid: string; credentials: Credentials } {
  const { name, ...wanted } = AddAccount.parse(input)
  const uid = wanted.uid ?? digits(`account ${name} ${randomBytes(8).toString('hex')}`)
  if (!/^\d{1,19}$/.test(uid)) throw new SimError(`expected a uid of at most 19 digits, got "${uid}"`)
  const imei = `${createHash('md5').update(`imei ${uid}`).digest('hex')}-sim`
  const phone = wanted.phone ?? phoneOf(uid)
  const known = world.data.accounts.get(uid)
  if (known) known.name = name
  else world.data.accounts.set(uid, { uid, name, phone, imei, userAgent, historyFrom: 0 })
  const living = [...world.data.sessions.values()].find((session) => session.account === uid && session.alive)
  const session = living ?? openSession(world, uid, known ? undefined : `sim-${uid}`)
  return { uid, credentials: credentialsOf(accountOf(world, uid), session) }
}

export function addPerson(world: World, input: AddPerson): string {
  const { name, ...wanted } = AddPerson.parse(input)
  const id = wanted.id ?? `p${world.data.people.size + 1}`
  if (!/^[\w-]+$/.test(id)) throw new SimError(`expected an id of letters, digits, - and _, got "${id}"`)
  const person: Person = { id, name, phone: wanted.phone ?? phoneOf(id) }
  world.data.people.set(id, person)
  return id
}

export function addGroup(world: World, input: AddGroup): Group {
  const { name, members, accounts, ...wanted } = AddGroup.parse(input)
  for (const person of members) personNamed(world, person)
  for (const account of accounts) accountNamed(world, account)
  const id = wanted.id ?? `nhom${world.data.groups.size + 1}`
  if (!/^[\w-]+$/.test(id)) throw new SimError(`expected an id of letters, digits, - and _, got "${id}"`)
  // Found again, it stays as people have left it: locked, or without an account that was put out.
  const known = world.data.groups.get(id)
  const { former = [], isDissolved = false, createdAt = world.now() } = known ?? {}
  const group: Group = {
    id,
    name,
    members: isDissolved ? [] : [...members],
    accounts: accounts.filter((uid) => !former.includes(uid)),
    former,
    admins: wanted.admins ?? known?.admins ?? [],
    lockViewMember: wanted.lockViewMember ?? known?.lockViewMember ?? false,
    lockSendMsg: wanted.lockSendMsg ?? known?.lockSendMsg ?? false,
    isDissolved,
    createdAt,
  }
  world.data.groups.set(id, group)
  return group
}

/** A new web session; the cookie it is known by is new unless one is given. */
export function openSession(world: World, account: string, token?: string): Session {
  const fresh = token ?? `sim-${randomBytes(16).toString('hex')}`
  const enk = randomBytes(16).toString('base64')
  const session: Session = { token: fresh, account, enk, imei: null, userAgent: null, alive: true }
  world.data.sessions.set(fresh, session)
  return session
}

export function credentialsOf(account: Account, session: Session): Credentials {
  const cookie = { domain: 'chat.zalo.me', name: 'zpw_sek', path: '/', secure: true, httpOnly: true }
  return { imei: account.imei, userAgent: account.userAgent, cookie: [{ ...cookie, value: session.token }] }
}

export function accountOf(world: World, uid: string): Account {
  const account = world.data.accounts.get(uid)
  if (!account) throw new SimError(`there is no account "${uid}"`)
  return account
}

function phoneOf(seed: string): string {
  return `849${digits(`phone ${seed}`).slice(0, 8)}`
}
