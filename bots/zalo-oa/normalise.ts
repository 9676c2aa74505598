import type { IgnoredItem, InboundEvent, Normalised } from '../../src/intake/event.ts'
import type { RawDelivery } from '../bot.ts'
import type { OaAddress } from './address.ts'
import { attachmentsOf, words } from './attachments.ts'
import { readOaBody } from './read.ts'
import type { ContactReading, EchoReading, MessageReading, OaReading } from './reading.ts'

/** No time in the body: only whoever received it knows better. */
const unknownTime = new Date(0)

/** What one webhook says: always one entry, since Zalo sends one event a POST. */
export function normalise({ accountExternalId, body }: RawDelivery): Normalised {
  try {
    return [eventOf(readOaBody(parsed(body)), accountExternalId)]
  } catch {
    return [ignored('unreadable_item')] // nested until the stack gave way
  }
}

function eventOf(reading: OaReading, account: string | null): InboundEvent | IgnoredItem {
  switch (reading.kind) {
    case 'ignored':
      return ignored(reading.reason)
    case 'received':
    case 'seen':
    case 'reaction':
      return ignored(reading.eventName)
    default:
      // Its signature was made with the secret of that account: in the name of another it proves nothing.
      if (account !== null && reading.oaId !== account) return ignored('other_account')
      return own(reading)
  }
}

function own(reading: MessageReading | EchoReading | ContactReading): InboundEvent | IgnoredItem {
  switch (reading.kind) {
    case 'message':
      return writing(reading, reading.isAnonymous ? `anonymous:${reading.userId}` : reading.userId)
    case 'echo':
      return writing(reading, reading.userId)
    case 'follow':
      return follow(reading)
    case 'unfollow':
      return ignored('unfollow')
    case 'withdraw':
      return ignored('user_withdraw')
  }
}

function writing(reading: MessageReading | EchoReading, chat: string): InboundEvent {
  const { kind, oaId, userId, at, message } = reading
  const isEcho = kind === 'echo'
  const isAnswerable = kind === 'message' && !reading.isAnonymous
  return {
    kind,
    accountExternalId: oaId,
    dedupeKey: message.msg_id,
    occurredAt: at ?? unknownTime,
    place: { kind: 'direct', id: chat },
    threadKey: `user:${chat}`,
    messageId: message.msg_id,
    author: { id: isEcho ? oaId : chat, name: null },
    text: words(message.text),
    quotedMessageId: message.quote_msg_id ?? null,
    mentionsAccount: false,
    attachments: attachmentsOf(message.attachments),
    echoMark: null,
    address: isAnswerable ? addressOf(userId, message.msg_id) : null,
  }
}

/** Nothing is said, but it opens the time in which the OA may write. */
function follow({ oaId, userId, at }: ContactReading): InboundEvent {
  return {
    kind: 'postback',
    accountExternalId: oaId,
    dedupeKey: `follow:${userId}:${at?.getTime() ?? 0}`,
    occurredAt: at ?? unknownTime,
    place: { kind: 'direct', id: userId },
    threadKey: `user:${userId}`,
    messageId: null,
    author: { id: userId, name: null },
    text: null,
    quotedMessageId: null,
    mentionsAccount: false,
    attachments: [],
    echoMark: null,
    address: { type: 'user', userId } satisfies OaAddress,
  }
}

function addressOf(userId: string, quoteMessageId: string): OaAddress {
  return { type: 'user', userId, quoteMessageId }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function ignored(reason: string): IgnoredItem {
  return { kind: 'ignored', reason }
}
