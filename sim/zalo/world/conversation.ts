import { nameOf } from './ids.ts'
import type { Author, Mention, Message, Thread } from './types.ts'
import { isSame, threadKey, type World } from './world.ts'

/** A message as everybody in the conversation sees it on a phone. */
export interface SeenMessage {
  msgId: string
  cliMsgId: string
  at: number
  by: Author
  name: string
  /** Empty once it was taken back. */
  text: string
  msgType: string
  /** What a picture, file or sticker holds; its `href` can be fetched. */
  content: Record<string, unknown> | null
  quote: { msgId: string; name: string; text: string } | null
  mentions: Mention[]
  undone: boolean
  reactions: { by: Author; name: string; icon: string }[]
}

export interface Chat {
  key: string
  thread: Thread
  title: string
  members: number
  /** Accounts that can be called by name here. */
  accounts: { uid: string; name: string }[]
  last: SeenMessage | null
}

/** Everything written in a thread, in order. */
export function conversation(world: World, thread: Thread): SeenMessage[] {
  const seen = new Map<string, SeenMessage>()
  for (const id of world.data.threads.get(threadKey(thread)) ?? []) {
    const event = world.data.events.get(id)
    if (event?.what === 'message') seen.set(id, seenMessage(world, event))
    if (event?.what === 'reaction') addReaction(world, seen.get(event.target), event.by, event.icon)
  }
  return [...seen.values()]
}

/** The chats on a person's phone, latest first: its groups, and every account it could write to. */
export function chatsOf(world: World, person: string): Chat[] {
  const groups = [...world.data.groups.values()].filter((group) => group.members.includes(person))
  const chats = [
    ...groups.map((group) => ({
      thread: { group: group.id },
      title: group.name,
      members: group.members.length + group.accounts.length,
      accounts: group.accounts.map((uid) => ({ uid, name: nameOf(world, { account: uid }) })),
    })),
    ...[...world.data.accounts.values()].map(({ uid, name }) => ({
      thread: { account: uid, person },
      title: name,
      members: 2,
      accounts: [],
    })),
  ].map((chat) => ({ ...chat, key: threadKey(chat.thread), last: lastOf(world, chat.thread) }))
  return chats.sort((a, b) => Number(b.last?.msgId ?? 0) - Number(a.last?.msgId ?? 0))
}

function seenMessage(world: World, message: Message): SeenMessage {
  const { id: msgId, cliMsgId, at, by, attachment, mentions, undone } = message
  return {
    msgId,
    cliMsgId,
    at,
    by,
    name: nameOf(world, by),
    text: undone ? '' : message.text,
    msgType: attachment?.msgType ?? 'webchat',
    content: undone ? null : (attachment?.content ?? null),
    quote: undone ? null : seenQuote(world, message),
    mentions,
    undone,
    reactions: [],
  }
}

function seenQuote(world: World, { quote }: Message): SeenMessage['quote'] {
  if (!quote) return null
  const quoted = world.data.events.get(quote.msgId)
  const isPicture = quoted?.what === 'message' && quoted.attachment !== null
  const text = quote.text || (isPicture ? '[Hình ảnh, tệp]' : '')
  return { msgId: quote.msgId, name: quoted ? nameOf(world, quoted.by) : '', text }
}

// One reaction of each kind a person; an empty icon takes them all back.
function addReaction(world: World, message: SeenMessage | undefined, by: Author, icon: string): void {
  if (!message) return
  message.reactions = message.reactions.filter((old) => !(isSame(old.by, by) && (icon === '' || old.icon === icon)))
  if (icon !== '') message.reactions.push({ by, name: nameOf(world, by), icon })
}

function lastOf(world: World, thread: Thread): SeenMessage | null {
  for (const id of (world.data.threads.get(threadKey(thread)) ?? []).toReversed()) {
    const event = world.data.events.get(id)
    if (event?.what === 'message') return seenMessage(world, event)
  }
  return null
}
