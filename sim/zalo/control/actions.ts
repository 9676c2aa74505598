import * as z from 'zod'
import type { Sockets } from '../socket/server.ts'
import { AddAccount, AddGroup, AddPerson, addAccount, addGroup, addPerson } from '../world/cast.ts'
import { chatsOf, conversation } from '../world/conversation.ts'
import { CallFault, DeliveryFault } from '../world/faults.ts'
import {
  Dissolving,
  dissolveGroup,
  GroupSettings,
  joinGroup,
  Leaving,
  leaveGroup,
  Membership,
  setGroup,
} from '../world/groups.ts'
import { groupIdFor, uidOf } from '../world/ids.ts'
import { React, react, Say, say, takeBack, Undo } from '../world/people.ts'
import type { QrLogins } from '../world/qr-logins.ts'
import { SimError, type Thread } from '../world/types.ts'
import { threadOfKey, type World } from '../world/world.ts'
import { Killing, killSessions, newCookie, reviveSessions } from './sessions.ts'

export interface Stage {
  world: World
  sockets: Sockets
  qr: QrLogins
}

type Action = (stage: Stage, input: unknown) => unknown

const Of = z.object({ account: z.string() })
const Kind = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
const Code = z.object({ code: z.string(), account: z.string().optional() })
const Push = z.object({
  account: z.string(),
  cmd: z.number(),
  sub: z.number().default(0),
  text: z.string(),
  kind: Kind.optional(),
})
const SettingsPatch = z
  .object({
    kind: z.union([Kind, z.literal('mixed')]),
    echo: z.boolean(),
    ignoreLastId: z.boolean(),
    historySurvivesLogin: z.boolean(),
    pingIntervalMs: z.number().positive(),
    keyDelayMs: z.number().nonnegative(),
    holdMs: z.number().positive(),
    qrPollMs: z.number().positive(),
  })
  .partial()

/** Everything another process can do: `POST /_sim/<name>` with a JSON body. */
export const actions: Record<string, Action> = {
  addAccount: ({ world }, input) => addAccount(world, AddAccount.parse(input)),
  addPerson: ({ world }, input) => ({ person: addPerson(world, AddPerson.parse(input)) }),
  addGroup: ({ world }, input) => addGroup(world, AddGroup.parse(input)),
  joinGroup: ({ world }, input) => joinGroup(world, Membership.parse(input)),
  leaveGroup: ({ world }, input) => leaveGroup(world, Leaving.parse(input)),
  setGroup: ({ world }, input) => setGroup(world, GroupSettings.parse(input)),
  dissolveGroup: ({ world }, input) => dissolveGroup(world, Dissolving.parse(input)),
  uidOf: ({ world }, input) => {
    const { person, viewer } = z.object({ person: z.string(), viewer: z.string() }).parse(input)
    const who = world.data.accounts.has(person) ? { account: person } : { person }
    return { uid: uidOf(world, who, viewer) }
  },
  groupIdFor: (_, input) => {
    const { group, viewer } = z.object({ group: z.string(), viewer: z.string() }).parse(input)
    return { gid: groupIdFor(group, viewer) }
  },
  say: ({ world }, input) => {
    const { id: msgId, cliMsgId } = say(world, Say.parse(input))
    return { msgId, cliMsgId }
  },
  undo: ({ world }, input) => takeBack(world, Undo.parse(input)),
  react: ({ world }, input) => react(world, React.parse(input)),
  conversation: ({ world }, input) => conversation(world, threadIn(input)),
  chats: ({ world }, input) => chatsOf(world, z.object({ person: z.string() }).parse(input).person),
  people: ({ world }) => [...world.data.people.values()],
  accounts: ({ world }) => [...world.data.accounts.values()].map(({ uid, name, phone }) => ({ uid, name, phone })),
  groups: ({ world }) => [...world.data.groups.values()],
  settings: ({ world }, input) => Object.assign(world.settings, SettingsPatch.parse(input ?? {})),
  failCalls: ({ world }, input) => void world.faults.calls.push(CallFault.parse(input)),
  failDeliveries: ({ world }, input) => void world.faults.deliveries.push(DeliveryFault.parse(input)),
  clearFaults: ({ world }) => {
    world.faults.calls.length = 0
    world.faults.deliveries.length = 0
  },
  connections: ({ sockets }) => sockets.list(),
  drop: (stage, input) => strike(stage, 'drop', input, (uid) => stage.sockets.drop(uid)),
  terminate: (stage, input) => strike(stage, 'terminate', input, (uid) => stage.sockets.terminate(uid)),
  kick: (stage, input) => strike(stage, 'kick', input, (uid) => stage.sockets.close(uid, 3003)),
  evict: (stage, input) => strike(stage, 'evict', input, (uid) => stage.sockets.evict(uid)),
  garble: (stage, input) => strike(stage, 'garble', input, (uid) => stage.sockets.garble(uid)),
  push: ({ sockets }, input) => {
    const { account, kind, ...frame } = Push.parse(input)
    return { sent: sockets.pushText(account, kind === undefined ? frame : { ...frame, kind }) }
  },
  pushBytes: ({ sockets }, input) => {
    const { account, base64 } = z.object({ account: z.string(), base64: z.string() }).parse(input)
    return { sent: sockets.pushBytes(account, Buffer.from(base64, 'base64')) }
  },
  killSessions: (stage, input) => killSessions(stage, Killing.parse(input ?? {})),
  reviveSessions: ({ world }, input) =>
    reviveSessions(world, z.object({ account: z.string().optional() }).parse(input ?? {})),
  newCookie: ({ world }, input) => newCookie(world, Of.parse(input).account),
  qrPending: ({ qr }) => qr.pending(),
  qrScan: ({ qr }, input) => {
    const { code, account } = Code.required().parse(input)
    qr.scan(code, account)
  },
  qrAccept: ({ qr }, input) => {
    const { code, account } = Code.parse(input)
    qr.accept(code, account)
  },
  qrDecline: ({ qr }, input) => qr.decline(Code.parse(input).code),
  qrExpire: ({ qr }, input) => qr.expire(Code.parse(input).code),
}

/** A conversation by its key (`g:<group>`, `d:<account>:<person>`) or by its parts. */
export function threadIn(input: unknown): Thread {
  const { thread, group, account, person } = z
    .object({ thread: z.string(), group: z.string(), account: z.string(), person: z.string() })
    .partial()
    .parse(input)
  const named = thread === undefined ? null : threadOfKey(thread)
  if (named) return named
  if (group !== undefined) return { group }
  if (account !== undefined && person !== undefined) return { account, person }
  throw new SimError('expected a thread: a key, a group, or an account and a person')
}

function strike({ world }: Stage, fault: string, input: unknown, act: (uid: string) => boolean): { done: boolean } {
  const { account } = Of.parse(input)
  world.write({ what: 'fault', fault, account, detail: '' })
  return { done: act(account) }
}
