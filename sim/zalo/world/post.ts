import { happen } from './happen.ts'
import type { Attachment, Mention, Message, Quote, Thread } from './types.ts'
import { nextMsgId, type World } from './world.ts'

export interface Post {
  account: string
  thread: Thread
  text: string
  cliMsgId: string
  quote: Quote | null
  mentions: Mention[]
  attachment?: Attachment | null
  via: 'api' | 'phone'
}

/** Accepts what an account sends: from here on everybody in the thread sees it. There is no idempotency key. */
export function post(world: World, { account, attachment = null, via, ...rest }: Post): Message {
  const by = { account }
  const message: Message = {
    what: 'message',
    id: nextMsgId(world),
    by,
    at: world.now(),
    attachment,
    undone: false,
    ...rest,
  }
  // Logged before anybody is told, so that an echo never finds a log without its post.
  const entry = world.write({
    what: 'posted',
    account,
    msgId: message.id,
    cliMsgId: message.cliMsgId,
    msgType: attachment?.msgType ?? 'webchat',
    via,
    thread: message.thread,
    text: message.text,
    quote: message.quote?.msgId ?? null,
    sentTo: [],
  })
  const sentTo = happen(world, message)
  if (entry.what === 'posted') entry.sentTo.push(...sentTo)
  return message
}
