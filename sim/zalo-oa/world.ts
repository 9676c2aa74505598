import { SimulatorError } from '../kit/simulator-error.ts'
/** An Official Account: the unit's address on Zalo. */
export type Oa = {
  id: string
  name: string
  /** Signs the webhooks about this OA; shown on the portal's webhook page. */
  secretKey: string
  /** What is left for messages after 48 hours; null: no Zalo Cloud Account is linked. */
  balance: number | null
}

type Person = { id: string; name: string }

/** One person as one OA sees them: each OA has its own id for them. */
export type Contact = {
  oaId: string
  person: string
  userId: string
  userIdByApp: string
  isFollower: boolean
  /** The moment of the last thing they did towards the OA; null: nothing ever. */
  lastActionAt: number | null
  /** Free replies since then. */
  repliesSince: number
}

export type Attachment = { type: string; payload: Record<string, unknown> }

export type Message = {
  msgId: string
  oaId: string
  userId: string
  fromOa: boolean
  text: string
  quoteMsgId: string | null
  attachments: Attachment[]
  at: number
}

/** Tokens die by age, by use (refresh) and by being replaced. */
type AccessToken = { oaId: string; until: number; isAlive: boolean }
export type RefreshToken = { oaId: string; until: number; isUsed: boolean }

export type World = {
  now: () => number
  oas: Map<string, Oa>
  people: Map<string, Person>
  /** By `{oa}:{person}`. */
  contacts: Map<string, Contact>
  messages: Map<string, Message>
  /** Message ids by `{oa}:{userId}`, oldest first. */
  threads: Map<string, string[]>
  accessTokens: Map<string, AccessToken>
  refreshTokens: Map<string, RefreshToken>
  /** Codes of a consent, once each. */
  codes: Map<string, { oaId: string; until: number; challenge: string | null }>
  uploads: Map<string, { oaId: string; until: number; bytes: number }>
  nextId: (kind: string) => string
}

/** A Zalo without any OA. Ids grow from the moment of the start, so that a second run never repeats one. */
export function emptyWorld(now: () => number): World {
  const base = BigInt(now()) * 1000n
  let last = base
  return {
    now,
    oas: new Map(),
    people: new Map(),
    contacts: new Map(),
    messages: new Map(),
    threads: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    codes: new Map(),
    uploads: new Map(),
    nextId: (kind) => {
      last += 1n
      return `${kind}${last.toString(16)}`
    },
  }
}

export function oaOf(world: World, oaId: string): Oa {
  const oa = world.oas.get(oaId)
  if (!oa) throw new SimulatorError('unknown_oa', `there is no OA ${oaId}; add it with addOa first`)
  return oa
}

/** The person as this OA sees them, made at the first meeting. */
export function contactOf(world: World, oaId: string, person: string): Contact {
  oaOf(world, oaId)
  if (!world.people.has(person))
    throw new SimulatorError('unknown_person', `there is no person ${person}; add them with addPerson first`)
  const key = `${oaId}:${person}`
  const known = world.contacts.get(key)
  if (known) return known
  const contact: Contact = {
    oaId,
    person,
    userId: numericId(`${oaId}/${person}`),
    userIdByApp: numericId(`app/${person}`),
    isFollower: false,
    lastActionAt: null,
    repliesSince: 0,
  }
  world.contacts.set(key, contact)
  return contact
}

export function contactByUserId(world: World, oaId: string, userId: string): Contact | null {
  for (const contact of world.contacts.values()) if (contact.oaId === oaId && contact.userId === userId) return contact
  return null
}

export function threadOf(world: World, oaId: string, userId: string): string[] {
  const key = `${oaId}:${userId}`
  const known = world.threads.get(key) ?? []
  world.threads.set(key, known)
  return known
}

/** What the person does opens the windows anew. */
export function acted(world: World, contact: Contact): void {
  contact.lastActionAt = world.now()
  contact.repliesSince = 0
}

/** Eighteen digits, beyond 2^53, and the same for the same name: a receiver that makes numbers of ids breaks here. */
function numericId(name: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  return String(100_000_000_000_000_000n + (hash % 900_000_000_000_000_000n))
}
