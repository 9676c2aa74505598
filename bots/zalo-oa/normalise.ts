import type { IgnoredItem, InboundEvent, Normalised } from '../../src/intake/event.ts'
import { readJson } from '../../src/lib/json.ts'
import type { RawDelivery } from '../bot.ts'
import type { OaAddress } from './address.ts'
import { attachmentsOf, words } from './attachments.ts'
import { readOaBody } from './read.ts'
import type { ContactReading, EchoReading, MessageReading, OaReading, ReceiptReading } from './reading.ts'

/** No time in the body: only whoever received it knows better. */
const unknownTime = new Date(0)

/** What one webhook says: Zalo sends one event a POST, and a receipt may be of several messages. */
export function normalise({ accountExternalId, body }: RawDelivery): Normalised {
  try {
    const reading = readOaBody(readJson(body))
    return isReceipt(reading) ? receipts(reading, accountExternalId) : [eventOf(reading, accountExternalId)]
  } catch {
    return [ignored('unreadable_item')] // nested until the stack gave way
  }
}

function eventOf(reading: Exclude<OaReading, ReceiptReading>, account: string | null): InboundEvent | IgnoredItem {
  switch (reading.kind) {
    case 'ignored':
      return ignored(reading.reason)
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

function isReceipt(reading: OaReading): reading is ReceiptReading {
  return reading.kind === 'received' || reading.kind === 'seen' || reading.kind === 'reaction'
}

/** One entry a message. Whichever of the two is not the account is the person. */
function receipts({ kind, parties, isOurs, at, messageIds, sign }: ReceiptReading, account: string | null): Normalised {
  const oaId = account ?? parties[0]
  const userId = parties.find((id) => id !== oaId)
  if (!parties.includes(oaId) || userId === undefined) return [ignored('other_account')]
  const author = { id: isOurs ? oaId : userId, name: null }
  return messageIds.map((messageId) => ({
    ...withoutWords(oaId, userId),
    kind: kind === 'received' ? 'delivered' : kind,
    dedupeKey: [kind, userId, messageId, ...(kind === 'reaction' ? [author.id, at?.getTime() ?? 0] : [])].join(':'),
    occurredAt: at ?? unknownTime,
    messageId,
    author,
    text: kind === 'reaction' ? (sign ?? '') : null,
  }))
}

/** What somebody does in the chat without writing. */
function withoutWords(oaId: string, userId: string) {
  return {
    accountExternalId: oaId,
    place: { kind: 'direct', id: userId },
    threadKey: `user:${userId}`,
    messageId: null,
    text: null,
    quotedMessageId: null,
    mentionsAccount: false,
    attachments: [],
    echoMark: null,
    address: null,
  } satisfies Partial<InboundEvent>
}

/** Nothing is said, but it opens the time in which the OA may write. */
function follow({ oaId, userId, at }: ContactReading): InboundEvent {
  return {
    ...withoutWords(oaId, userId),
    kind: 'postback',
    dedupeKey: `follow:${userId}:${at?.getTime() ?? 0}`,
    occurredAt: at ?? unknownTime,
    author: { id: userId, name: null },
    address: { type: 'user', userId } satisfies OaAddress,
  }
}

function addressOf(userId: string, quoteMessageId: string): OaAddress {
  return { type: 'user', userId, quoteMessageId }
}

function ignored(reason: string): IgnoredItem {
  return { kind: 'ignored', reason }
}
