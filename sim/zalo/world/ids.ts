import { createHash } from 'node:crypto'
import { type Author, type Group, SimError } from './types.ts'
import type { World } from './world.ts'

/** The same person has another uid for every account that looks; an account is itself under its own uid. */
export function uidOf(world: World, who: Author, viewer: string): string {
  if ('account' in who && who.account === viewer) return viewer
  const uid = remembered(
    `user ${'person' in who ? `person ${who.person}` : `account ${who.account}`} seen by ${viewer}`,
  )
  world.seenAs.set(`${viewer} ${uid}`, who)
  return uid
}

/** Who an account means by a uid; null when it never had that uid from us. */
export function whoIs(world: World, uid: string, viewer: string): Author | null {
  if (uid === viewer || uid === '0') return { account: viewer }
  const known = world.seenAs.get(`${viewer} ${uid}`)
  if (known) return known
  for (const person of world.data.people.keys()) uidOf(world, { person }, viewer)
  for (const account of world.data.accounts.keys()) uidOf(world, { account }, viewer)
  return world.seenAs.get(`${viewer} ${uid}`) ?? null
}

/** A group has another id for every account in it. */
export function groupIdFor(groupId: string, viewer: string): string {
  return remembered(`group ${groupId} seen by ${viewer}`)
}

/** The group an account means; null when it is not in such a group (any more). */
export function groupNamed(world: World, gid: string, viewer: string): Group | null {
  for (const group of world.data.groups.values()) {
    if (group.accounts.includes(viewer) && groupIdFor(group.id, viewer) === gid) return group
  }
  return null
}

export function nameOf(world: World, who: Author): string {
  const found = 'person' in who ? world.data.people.get(who.person) : world.data.accounts.get(who.account)
  return found?.name ?? ''
}

export function personNamed(world: World, id: string): Author {
  if (!world.data.people.has(id)) throw new SimError(`there is no person "${id}"`)
  return { person: id }
}

export function accountNamed(world: World, uid: string): Author {
  if (!world.data.accounts.has(uid)) throw new SimError(`there is no account "${uid}"`)
  return { account: uid }
}

const made = new Map<string, string>()

// Ids are asked for with every message; making one costs a hash.
function remembered(seed: string): string {
  const known = made.get(seed)
  if (known) return known
  const fresh = digits(seed)
  made.set(seed, fresh)
  return fresh
}

/** 19 digits out of a name: stable across restarts, below 2^63, always above what a JavaScript number can hold. */
export function digits(seed: string): string {
  const hash = createHash('sha256').update(seed).digest().readBigUInt64BE()
  return String(1_000_000_000_000_000_000n + (hash % 8_000_000_000_000_000_000n))
}
