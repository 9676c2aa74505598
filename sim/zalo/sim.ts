import type { AddressInfo } from 'node:net'
import type * as z from 'zod'
import { actions, type Stage, threadIn } from './control/actions.ts'
import { onLog, tellFollowers } from './control/follow.ts'
import { type Killing, newCookie } from './control/sessions.ts'
import { newHttpServer } from './http/server.ts'
import { serveSockets } from './socket/server.ts'
import type { SealKind } from './wire/crypto.ts'
import type { AddAccount, AddGroup, AddPerson, Credentials } from './world/cast.ts'
import { addAccount, addGroup, addPerson } from './world/cast.ts'
import { type Chat, chatsOf, conversation, type SeenMessage } from './world/conversation.ts'
import { CallFault, DeliveryFault, newFaults } from './world/faults.ts'
import {
  type Dissolving,
  dissolveGroup,
  type GroupSettings,
  joinGroup,
  type Leaving,
  leaveGroup,
  type Membership,
  setGroup,
} from './world/groups.ts'
import { groupIdFor, uidOf } from './world/ids.ts'
import type { LogEntry } from './world/log.ts'
import { type React, react, type Say, say, takeBack, type Undo } from './world/people.ts'
import { newQrLogins, type QrLogins } from './world/qr-logins.ts'
import { load, save } from './world/store.ts'
import { type Group, type Message, SimError, type Thread } from './world/types.ts'
import { defaultSettings, emptyData, type Settings, type World } from './world/world.ts'

export interface ZaloSimOptions {
  /** Must be true: nobody starts a false Zalo by mistake. */
  allow: boolean
  port?: number
  host?: '127.0.0.1' | '::1'
  settings?: Partial<Settings>
  /** Seed of the faults that strike by chance. */
  seed?: number
  /** Keeps people, accounts, sessions and conversations across restarts. */
  stateFile?: string
  /** How long after a change the file is written. A long talk is kept cheaply by a long wait: `stop` writes it anyway. */
  saveAfterMs?: number
}

/** A running local Zalo. */
export interface ZaloSim {
  /** HTTP base: a fetch polyfill brings every host of Zalo's here and names it in `x-sim-host`. */
  readonly url: string
  readonly settings: Settings
  readonly log: readonly LogEntry[]
  readonly qr: Pick<QrLogins, 'pending' | 'scan' | 'accept' | 'decline' | 'expire'>
  onLog(tell: (entry: LogEntry) => void): () => void
  stop(): Promise<void>

  addAccount(input: AddAccount): { uid: string; credentials: Credentials }
  addPerson(input: AddPerson): string
  addGroup(input: AddGroup): Group
  joinGroup(input: Membership): void
  leaveGroup(input: Leaving): void
  /** Locks it for writing, hides its members, or opens it again. */
  setGroup(input: GroupSettings): void
  dissolveGroup(input: Dissolving): void
  /** How an account sees a person (or another account). */
  uidOf(person: string, account: string): string
  groupIdFor(group: Group | string, account: string): string

  say(input: Say): Message
  undo(input: Undo): void
  react(input: React): void
  conversation(thread: Thread): SeenMessage[]
  chats(person: string): Chat[]

  failCalls(fault: z.input<typeof CallFault>): void
  failDeliveries(fault: z.input<typeof DeliveryFault>): void
  clearFaults(): void
  connections(): { uid: string; halfOpen: boolean; pings: number; openedAt: number }[]
  drop(account: string): boolean
  terminate(account: string): boolean
  kick(account: string): boolean
  evict(account: string): boolean
  garble(account: string): boolean
  killSessions(input?: Killing): void
  reviveSessions(account?: string): void
  newCookie(account: string): Credentials
  /** Any frame, sealed under the account's key. */
  push(account: string, frame: { cmd: number; sub?: number; text: string; kind?: SealKind }): boolean
  pushBytes(account: string, bytes: Buffer): boolean
  /** Any action by its name, as other processes call it. */
  act(name: string, input?: unknown): unknown
}

/** Starts a Zalo on this machine that the unmodified zca-js can log in to. */
export async function startZaloSim(options: ZaloSimOptions): Promise<ZaloSim> {
  const { allow, port = 0, host = '127.0.0.1', seed = 1, stateFile, saveAfterMs = 200 } = options
  if (allow !== true) throw new SimError('the Zalo simulator only starts with { allow: true }')
  if (host !== '127.0.0.1' && host !== '::1') throw new SimError(`expected a loopback host, got "${host}"`)

  const http = newHttpServer(() => stage)
  const data = emptyData(Date.now())
  if (stateFile !== undefined) load(data, stateFile)
  let saving: NodeJS.Timeout | null = null
  const saveSoon = (): void => {
    if (stateFile === undefined || saving) return
    saving = setTimeout(() => {
      saving = null
      save(data, stateFile)
    }, saveAfterMs).unref()
  }
  const log: LogEntry[] = []
  const world: World = {
    url: '',
    data,
    settings: { ...defaultSettings, ...options.settings },
    faults: newFaults(seed),
    line: { deliver: () => false, control: () => {} },
    log,
    write: (fact) => {
      const entry: LogEntry = { seq: log.length + 1, at: world.now(), ...fact }
      log.push(entry)
      tellFollowers(world, entry)
      saveSoon()
      return entry
    },
    now: () => Date.now(),
    seenAs: new Map(),
    isOver: false,
  }
  const sockets = serveSockets(http, world)
  world.line = sockets
  const stage: Stage = { world, sockets, qr: newQrLogins(world) }
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, resolve)
  })
  const bound = http.address() as AddressInfo
  world.url = `http://${host === '::1' ? '[::1]' : host}:${bound.port}`

  const act = (name: string, input: unknown = {}): unknown => {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action) throw new SimError(`there is no action "${name}"`)
    return action(stage, input)
  }
  const struck = (name: string, account: string): boolean => {
    const result = act(name, { account })
    return typeof result === 'object' && result !== null && 'done' in result && result.done === true
  }

  return {
    url: world.url,
    settings: world.settings,
    log,
    qr: stage.qr,
    onLog: (tell) => onLog(world, tell),
    stop: async () => {
      world.isOver = true
      sockets.stop()
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      })
      if (saving) clearTimeout(saving)
      if (stateFile !== undefined) save(data, stateFile)
    },
    addAccount: (input) => saved(addAccount(world, input)),
    addPerson: (input) => saved(addPerson(world, input)),
    addGroup: (input) => saved(addGroup(world, input)),
    joinGroup: (input) => joinGroup(world, input),
    leaveGroup: (input) => leaveGroup(world, input),
    setGroup: (input) => setGroup(world, input),
    dissolveGroup: (input) => dissolveGroup(world, input),
    uidOf: (person, account) => uidOf(world, data.accounts.has(person) ? { account: person } : { person }, account),
    groupIdFor: (group, account) => groupIdFor(typeof group === 'string' ? group : group.id, account),
    say: (input) => say(world, input),
    undo: (input) => takeBack(world, input),
    react: (input) => react(world, input),
    conversation: (thread) => conversation(world, threadIn(thread)),
    chats: (person) => chatsOf(world, person),
    failCalls: (fault) => void world.faults.calls.push(CallFault.parse(fault)),
    failDeliveries: (fault) => void world.faults.deliveries.push(DeliveryFault.parse(fault)),
    clearFaults: () => void act('clearFaults'),
    connections: () => sockets.list(),
    drop: (account) => struck('drop', account),
    terminate: (account) => struck('terminate', account),
    kick: (account) => struck('kick', account),
    evict: (account) => struck('evict', account),
    garble: (account) => struck('garble', account),
    killSessions: (input) => void act('killSessions', input),
    reviveSessions: (account) => void act('reviveSessions', account === undefined ? {} : { account }),
    newCookie: (account) => newCookie(world, account),
    push: (account, frame) => sockets.pushText(account, frame),
    pushBytes: (account, bytes) => sockets.pushBytes(account, bytes),
    act,
  }

  function saved<T>(value: T): T {
    saveSoon()
    return value
  }
}
