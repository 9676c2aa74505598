import type { SealKind } from '../wire/crypto.ts'
import type { Faults } from './faults.ts'
import type { LogEntry, LogFact } from './log.ts'
import type { Account, Author, Group, Person, Session, SimEvent, Thread } from './types.ts'

/** Everything that survives a restart of the simulator. */
export interface Data {
  lastMsgId: number
  lastCliMsgId: number
  people: Map<string, Person>
  accounts: Map<string, Account>
  sessions: Map<string, Session>
  groups: Map<string, Group>
  events: Map<string, SimEvent>
  /** Event ids a thread consists of, in order. */
  threads: Map<string, string[]>
  /** Event ids an account may ask for again, in order. */
  inboxes: Map<string, string[]>
  media: Map<string, { type: string; base64: string }>
}

/** Switches that hold until they are changed. */
export interface Settings {
  kind: SealKind | 'mixed'
  /** Echo each accepted send to its own account. */
  echo: boolean
  /** As users report: the answer to a backfill starts at the beginning whatever was asked. */
  ignoreLastId: boolean
  /** A fresh web login may ask for what came before it (the real one may not). */
  historySurvivesLogin: boolean
  pingIntervalMs: number
  /** How long a new socket waits for its key: what is said meanwhile comes before it. */
  keyDelayMs: number
  /** How long a held frame (pair, reorder) waits for the next one. */
  holdMs: number
  /** How long a QR poll is held before "ask again". */
  qrPollMs: number
}

/** Where frames go; the socket server fills it in. */
export interface Line {
  deliver(uid: string, event: SimEvent, kind: SealKind | null): boolean
  control(uid: string, content: Record<string, unknown>): void
}

export interface World {
  url: string
  data: Data
  settings: Settings
  faults: Faults
  line: Line
  log: LogEntry[]
  write(fact: LogFact): LogEntry
  now(): number
  /** Who a viewer's uid stands for; filled as uids are made. */
  seenAs: Map<string, Author>
  /** What was held back until then is never carried out. */
  isOver: boolean
}

// Ids must not repeat when a simulator is started again beside a product that remembers the old ones.
const msgIdsStartAfter = 5_236_000_000_000

export function emptyData(now: number): Data {
  return {
    lastMsgId: msgIdsStartAfter + now,
    lastCliMsgId: now,
    people: new Map(),
    accounts: new Map(),
    sessions: new Map(),
    groups: new Map(),
    events: new Map(),
    threads: new Map(),
    inboxes: new Map(),
    media: new Map(),
  }
}

export const defaultSettings: Settings = {
  kind: 2,
  echo: true,
  ignoreLastId: false,
  historySurvivesLogin: false,
  pingIntervalMs: 20_000,
  keyDelayMs: 0,
  holdMs: 300,
  qrPollMs: 500,
}

export function nextMsgId(world: World): string {
  world.data.lastMsgId += 1
  return String(world.data.lastMsgId)
}

export function nextCliMsgId(world: World): string {
  world.data.lastCliMsgId = Math.max(world.data.lastCliMsgId + 1, world.now())
  return String(world.data.lastCliMsgId)
}

export function threadKey(thread: Thread): string {
  return 'group' in thread ? `g:${thread.group}` : `d:${thread.account}:${thread.person}`
}

export function threadOfKey(key: string): Thread | null {
  const [kind, first, second] = key.split(':')
  if (kind === 'g' && first) return { group: first }
  if (kind === 'd' && first && second) return { account: first, person: second }
  return null
}

export function isSame(a: Author, b: Author): boolean {
  return 'person' in a ? 'person' in b && a.person === b.person : 'account' in b && a.account === b.account
}
