import * as z from 'zod'
import { mayWrite } from '../world/groups.ts'
import { groupNamed, uidOf, whoIs } from '../world/ids.ts'
import { addReaction, markUndone } from '../world/people.ts'
import { post } from '../world/post.ts'
import type { Mention, Message, Quote, Thread } from '../world/types.ts'
import { threadKey, type World } from '../world/world.ts'
import type { Call, Route } from './api.ts'
import { Refusal } from './envelope.ts'

const Id = z.union([z.string(), z.number()]).transform(String)
const Place = z.object({ grid: Id.optional(), toid: Id.optional() })
const Text = z.object({ message: z.string().min(1), clientId: Id, mentionInfo: z.string().optional() })
const QuoteFields = z.object({
  qmsgOwner: Id,
  qmsgId: Id,
  qmsgCliId: Id,
  qmsgType: z.number(),
  qmsgTs: Id,
  qmsg: z.string(),
  qmsgAttach: z.string().optional(),
  qmsgTTL: z.number(),
})
const MentionInfo = z.array(z.object({ uid: Id, pos: z.number(), len: z.number(), type: z.number() }))
const UndoFields = z.object({ msgId: Id, cliMsgIdUndo: Id })
const ReactFields = z.object({ react_list: z.array(z.object({ message: z.string() })).min(1) })
const ReactMessage = z.object({
  rMsg: z.array(z.object({ gMsgID: Id, cMsgID: Id })).min(1),
  rIcon: z.string(),
  rType: z.number(),
  source: z.number(),
})

export const messageRoutes: Record<string, Route> = {
  'POST group/api/group/sendmsg': (world, call) => send(world, call, { quoted: false }),
  'POST group/api/group/mention': (world, call) => send(world, call, { quoted: false }),
  'POST group/api/group/quote': (world, call) => send(world, call, { quoted: true }),
  'POST chat/api/message/sms': (world, call) => send(world, call, { quoted: false }),
  'POST chat/api/message/quote': (world, call) => send(world, call, { quoted: true }),
  'POST group/api/group/undomsg': undo,
  'POST chat/api/message/undo': undo,
  'POST reaction/api/group/reaction': reaction,
  'POST reaction/api/message/reaction': reaction,
  'POST group/api/group/seenv2': ok,
  'POST chat/api/message/seenv2': ok,
  'POST group/api/group/deliveredv2': ok,
  'POST chat/api/message/deliveredv2': ok,
  'POST group/api/group/typing': ok,
  'POST chat/api/message/typing': ok,
  'GET chat/keepalive': () => ({ config_vesion: 1 }),
}

/** The thread an account names by `grid` or `toid`; an id of another account's is refused with 114. */
export function threadOf(world: World, call: Call): Thread {
  const { grid, toid } = parsed(Place, call.params)
  if (grid !== undefined) {
    const group = groupNamed(world, grid, call.account)
    if (!group) throw new Refusal(114)
    return { group: group.id }
  }
  const who = toid === undefined ? null : whoIs(world, toid, call.account)
  if (!who || !('person' in who)) throw new Refusal(114)
  return { account: call.account, person: who.person }
}

/** Reads a call's parameters; whatever does not fit is 114, as Zalo answers. */
export function parsed<T>(schema: z.ZodType<T>, params: unknown): T {
  const result = schema.safeParse(params)
  if (!result.success) throw new Refusal(114)
  return result.data
}

function send(world: World, call: Call, { quoted }: { quoted: boolean }): unknown {
  const thread = threadOf(world, call)
  refuseWhereLocked(world, call, thread)
  const { message: text, clientId, mentionInfo } = parsed(Text, call.params)
  const quote = quoted ? quoteOf(world, call, thread) : null
  const mentions = mentionInfo === undefined ? [] : mentionsOf(world, call, mentionInfo)
  const posted = post(world, { account: call.account, thread, text, cliMsgId: clientId, quote, mentions, via: 'api' })
  return { msgId: Number(posted.id) }
}

/** What the real server answers is not known; this code it gives where a member lacks a right. */
export function refuseWhereLocked(world: World, { account }: Call, thread: Thread): void {
  const group = 'group' in thread ? world.data.groups.get(thread.group) : undefined
  if (group !== undefined && !mayWrite(group, { account })) throw new Refusal(166)
}

// Strict on purpose: a quote whose fields do not belong together is the commonest cause of 114 in the field.
function quoteOf(world: World, call: Call, thread: Thread): Quote {
  const fields = parsed(QuoteFields, call.params)
  const quoted = messageIn(world, thread, fields.qmsgId)
  if (quoted.cliMsgId !== fields.qmsgCliId || uidOf(world, quoted.by, call.account) !== fields.qmsgOwner) {
    throw new Refusal(114)
  }
  const title = quoted.attachment?.content.title
  const text = fields.qmsg === '' && typeof title === 'string' ? title : fields.qmsg
  return { msgId: quoted.id, text, attach: fields.qmsgAttach ?? '' }
}

function mentionsOf(world: World, call: Call, json: string): Mention[] {
  return parsed(MentionInfo, jsonOf(json)).map(({ uid, pos, len }) => {
    const who = uid === '-1' ? 'all' : whoIs(world, uid, call.account)
    if (!who) throw new Refusal(114)
    return { who, pos, len }
  })
}

function undo(world: World, call: Call): unknown {
  const { msgId, cliMsgIdUndo } = parsed(UndoFields, call.params)
  const message = messageIn(world, threadOf(world, call), msgId)
  const isOwn = 'account' in message.by && message.by.account === call.account
  if (!isOwn || message.cliMsgId !== cliMsgIdUndo) throw new Refusal(114)
  markUndone(world, message, message.by)
  return { status: 0 }
}

function reaction(world: World, call: Call): unknown {
  const thread = threadOf(world, call)
  for (const { message } of parsed(ReactFields, call.params).react_list) {
    const { rMsg, rIcon, rType, source } = parsed(ReactMessage, jsonOf(message))
    for (const { gMsgID } of rMsg) {
      addReaction(world, messageIn(world, thread, gMsgID), { account: call.account }, rIcon, rType, source)
    }
  }
  return { msgIds: '[1]' }
}

function ok(world: World, call: Call): unknown {
  if ('grid' in call.params || 'toid' in call.params) threadOf(world, call)
  return { status: 0 }
}

function messageIn(world: World, thread: Thread, msgId: string): Message {
  const event = world.data.events.get(msgId)
  if (event?.what !== 'message' || threadKey(event.thread) !== threadKey(thread)) throw new Refusal(114)
  return event
}

/** A JSON string inside the parameters. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(114)
  }
}
