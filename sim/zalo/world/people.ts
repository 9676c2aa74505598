import * as z from 'zod'
import { mayWrite } from './groups.ts'
import { happen } from './happen.ts'
import { accountNamed, nameOf, personNamed } from './ids.ts'
import { fileContent, keepMedia, photoContent } from './media.ts'
import { post } from './post.ts'
import { type Attachment, type Author, type Mention, type Message, type Quote, SimError, type Thread } from './types.ts'
import { isSame, nextCliMsgId, nextMsgId, threadKey, type World } from './world.ts'

const Kind = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])

/** What a person (or somebody at a bot account's own phone, `as: 'account'`) writes, in a group or to an account. */
export const Say = z.object({
  group: z.string().optional(),
  account: z.string().optional(),
  person: z.string().optional(),
  as: z.enum(['person', 'account']).default('person'),
  text: z.string().default(''),
  quote: z.string().optional(),
  /** Uids of accounts or ids of people, or "all". */
  mentions: z.array(z.string()).default([]),
  photo: z.object({ base64: z.string().optional(), href: z.string().optional() }).optional(),
  file: z.object({ name: z.string(), base64: z.string().default(''), href: z.string().optional() }).optional(),
  sticker: z.boolean().default(false),
  kind: Kind.optional(),
})
export type Say = z.input<typeof Say>

export const Undo = z.object({ person: z.string().optional(), msgId: z.string() })
export type Undo = z.input<typeof Undo>

export const React = z.object({ person: z.string(), msgId: z.string(), icon: z.string().default('/-strong') })
export type React = z.input<typeof React>

/** Somebody writes; everybody in the thread who is connected gets it now, the others find it in their history. */
export function say(world: World, input: Say): Message {
  const wanted = Say.parse(input)
  const { thread, by } = placeOf(world, wanted)
  const { text, mentions } = withMentions(world, wanted.text, wanted.mentions)
  const attachment = attachmentOf(world, wanted)
  if (text === '' && attachment === null) throw new SimError('a message needs text or an attachment')
  const quote = wanted.quote === undefined ? null : quoteOf(world, thread, wanted.quote)
  const cliMsgId = nextCliMsgId(world)
  if ('account' in by) {
    return post(world, { account: by.account, thread, text, cliMsgId, quote, mentions, attachment, via: 'phone' })
  }
  const message: Message = {
    what: 'message',
    id: nextMsgId(world),
    cliMsgId,
    thread,
    by,
    at: world.now(),
    text,
    attachment,
    quote,
    mentions,
    undone: false,
  }
  const entry = world.write({
    what: 'said',
    person: by.person,
    msgId: message.id,
    mentions,
    msgType: attachment?.msgType ?? 'webchat',
    thread,
    text,
    quote: quote?.msgId ?? null,
    sentTo: [],
  })
  const sentTo = happen(world, message, wanted.kind ?? null)
  if (entry.what === 'said') entry.sentTo.push(...sentTo)
  return message
}

/** The author takes a message back. */
export function takeBack(world: World, input: Undo): void {
  const { msgId, person } = Undo.parse(input)
  const message = messageNamed(world, msgId)
  if (person !== undefined && !isSame(message.by, { person }))
    throw new SimError(`message ${msgId} is not by ${person}`)
  markUndone(world, message, message.by)
}

/** Tells everybody that a message is gone; the thread keeps it as undone. */
export function markUndone(world: World, message: Message, by: Author): void {
  message.undone = true
  const { thread, id: target } = message
  const common = { id: nextMsgId(world), cliMsgId: nextCliMsgId(world), at: world.now() }
  happen(world, { what: 'undo', thread, by, target, ...common })
  world.write({ what: 'undone', by, msgId: target, thread })
}

export function react(world: World, input: React): void {
  const { person, msgId, icon } = React.parse(input)
  addReaction(world, messageNamed(world, msgId), personNamed(world, person), icon, 3, 6)
}

/** One reaction of one author to one message. */
export function addReaction(
  world: World,
  message: Message,
  by: Author,
  icon: string,
  rType: number,
  source: number,
): void {
  const { thread, id: target } = message
  const common = { id: nextMsgId(world), cliMsgId: nextCliMsgId(world), at: world.now() }
  happen(world, { what: 'reaction', thread, by, target, icon, rType, source, ...common })
  world.write({ what: 'reacted', by, msgId: target, thread, icon })
}

function messageNamed(world: World, msgId: string): Message {
  const event = world.data.events.get(msgId)
  if (event?.what !== 'message') throw new SimError(`there is no message "${msgId}"`)
  return event
}

function placeOf(world: World, wanted: z.infer<typeof Say>): { thread: Thread; by: Author } {
  const { group: groupId, account, person } = wanted
  const by = wanted.as === 'account' ? accountNamed(world, account ?? '') : personNamed(world, person ?? '')
  if (groupId === undefined) {
    accountNamed(world, account ?? '')
    personNamed(world, person ?? '')
    return { thread: { account: account ?? '', person: person ?? '' }, by }
  }
  const group = world.data.groups.get(groupId)
  if (!group) throw new SimError(`there is no group "${groupId}"`)
  const isIn = 'person' in by ? group.members.includes(by.person) : group.accounts.includes(by.account)
  if (!isIn) throw new SimError(`${nameOf(world, by)} is not in the group "${group.name}"`)
  if (!mayWrite(group, by)) throw new SimError(`the group "${group.name}" is locked`)
  return { thread: { group: groupId }, by }
}

function quoteOf(world: World, thread: Thread, msgId: string): Quote {
  const quoted = messageNamed(world, msgId)
  if (threadKey(quoted.thread) !== threadKey(thread)) throw new SimError(`message ${msgId} is in another conversation`)
  return { msgId, text: quoted.text, attach: quoted.attachment ? JSON.stringify(quoted.attachment.content) : '' }
}

// A mention that is not written in the text is put before it, as tapping a name does.
function withMentions(world: World, text: string, ids: readonly string[]): { text: string; mentions: Mention[] } {
  let full = text
  const mentions: Mention[] = []
  for (const id of ids) {
    const who = id === 'all' ? 'all' : world.data.accounts.has(id) ? { account: id } : personNamed(world, id)
    const label = `@${who === 'all' ? 'All' : nameOf(world, who)}`
    if (!full.includes(label)) {
      full = `${label} ${full}`
      for (const earlier of mentions) earlier.pos += label.length + 1
    }
    mentions.push({ who, pos: full.indexOf(label), len: label.length })
  }
  return { text: full, mentions }
}

function attachmentOf(world: World, wanted: z.infer<typeof Say>): Attachment | null {
  if (wanted.photo) {
    const href = wanted.photo.href ?? keepMedia(world, 'image/png', wanted.photo.base64)
    return { msgType: 'chat.photo', content: photoContent(wanted.text, href, href, href, 480, 360) }
  }
  if (wanted.file) {
    const href = wanted.file.href ?? keepMedia(world, 'application/octet-stream', wanted.file.base64)
    const bytes = Buffer.from(wanted.file.base64, 'base64').length
    return { msgType: 'share.file', content: fileContent(wanted.file.name, href, bytes, '') }
  }
  if (wanted.sticker) return { msgType: 'chat.sticker', content: { id: 21979, catId: 10425, type: 7 } }
  return null
}
