import type { IgnoredItem, InboundEvent, Normalised, NormalisedWithNews } from '../../src/intake/event.ts'
import { JsonObject, readJson } from '../../src/lib/json.ts'
import type { RawDelivery } from '../bot.ts'
import { quoteOf, type ZaloAddress } from './address.ts'
import { readContent, words } from './content.ts'
import { readGroupHappening } from './group-happening.ts'
import {
  Envelope,
  type MessageData,
  ReactionContent,
  UndoContent,
  ZcaMessage,
  ZcaReaction,
  ZcaReceipt,
  ZcaUndo,
} from './payload.ts'

/** A message in its thread, wherever it came from. */
interface Item {
  readonly account: string
  readonly isGroup: boolean
  readonly threadId: string
  readonly isSelf: boolean
  readonly data: MessageData
}

/** What one delivery of the listener says: an entry a message, in its order. */
export function normalise({ accountExternalId: account, body }: RawDelivery): NormalisedWithNews {
  if (account === null) return [ignored('no_account')]
  const envelope = Envelope.safeParse(readJson(body))
  if (!envelope.success) return [ignored('malformed_delivery')]
  const { event, data } = envelope.data
  switch (event) {
    case 'message':
      return whole(() => [message(account, data)])
    case 'undo':
      return whole(() => [undo(account, data)])
    case 'old_messages':
      if (!Array.isArray(data)) return [ignored('malformed_old_messages')]
      return data.flatMap((item) => whole(() => [message(account, item)]))
    case 'group_event':
      return [readGroupHappening(account, data) ?? ignored('group_event')]
    case 'reaction':
      return whole(() => reaction(account, data))
    case 'delivered_messages':
    case 'seen_messages': {
      if (!Array.isArray(data)) return [ignored('malformed_receipts')]
      const kind = event === 'seen_messages' ? 'seen' : 'delivered'
      return data.flatMap((item) => whole(() => receipts(account, kind, item, envelope.data.at)))
    }
    case 'friend_event':
    case 'typing':
      return [ignored(event)]
    default:
      return [ignored('unknown_event')]
  }
}

function message(account: string, data: unknown): InboundEvent | IgnoredItem {
  const read = ZcaMessage.safeParse(data)
  if (!read.success) return ignored('malformed_message')
  const { type, ...rest } = read.data
  const item = { account, isGroup: type === 1, ...rest }
  // Among old messages an undo is not told apart from a message.
  return isUndo(item.data) ? removal(item) : writing(item)
}

function undo(account: string, data: unknown): InboundEvent | IgnoredItem {
  const read = ZcaUndo.safeParse(data)
  return read.success ? removal({ account, ...read.data }) : ignored('malformed_undo')
}

function writing(item: Item): InboundEvent | IgnoredItem {
  const { account, threadId, data } = item
  const occurredAt = timeOf(data)
  if (occurredAt === null) return ignored('message_without_time')
  const isEcho = isOwn(item)
  const quotedMessageId = idOrNull(data.quote?.globalMsgId)
  return {
    kind: isEcho ? 'echo' : 'message',
    accountExternalId: account,
    dedupeKey: `${threadId}:${data.msgId}`,
    occurredAt,
    place: placeOf(item),
    threadKey: threadKeyOf(item, quotedMessageId ?? data.msgId),
    messageId: data.msgId,
    author: authorOf(item),
    ...readContent(data),
    quotedMessageId,
    mentionsAccount: !isEcho && speaksTo(item),
    echoMark: null,
    address: isEcho ? null : JsonObject.parse(addressOf(item)),
  }
}

/** One entry for each message that the sign was put under, which is one. */
function reaction(account: string, data: unknown): Normalised {
  const read = ZcaReaction.safeParse(data)
  const content = ReactionContent.safeParse(read.data?.data.content)
  if (!read.success || !content.success) return [ignored('malformed_reaction')]
  const item = { account, ...read.data }
  const occurredAt = timeOf(item.data)
  if (occurredAt === null) return [ignored('reaction_without_time')]
  return content.data.rMsg.map(({ gMsgID: target }) => ({
    ...withoutWords(item, target),
    kind: 'reaction',
    // Its own id is not always its own, so who, when and what are part of it.
    dedupeKey: ['reaction', item.threadId, target, item.data.uidFrom, occurredAt.getTime(), content.data.rIcon].join(
      ':',
    ),
    occurredAt,
    author: authorOf(item),
    text: content.data.rIcon,
  }))
}

/** One entry for each person. */
function receipts(account: string, kind: 'delivered' | 'seen', data: unknown, at: number | undefined): Normalised {
  const read = ZcaReceipt.safeParse(data)
  if (!read.success) return [ignored('malformed_receipt')]
  if (at === undefined) return [ignored('receipt_without_time')]
  const { type, threadId, data: of } = read.data
  const isGroup = type === 1
  const people = isGroup ? ((kind === 'seen' ? of.seenUids : of.deliveredUids) ?? []) : [threadId]
  return people
    .filter((person) => person !== account)
    .map((person) => ({
      ...withoutWords({ account, isGroup, threadId }, of.msgId),
      kind,
      dedupeKey: `${kind}:${threadId}:${of.msgId}:${person}`,
      occurredAt: new Date(at),
      author: { id: person, name: null },
    }))
}

/** What is said of a message without writing one. */
function withoutWords(item: Pick<Item, 'account' | 'isGroup' | 'threadId'>, messageId: string) {
  return {
    accountExternalId: item.account,
    place: placeOf(item),
    threadKey: threadKeyOf(item, messageId),
    messageId,
    text: null,
    quotedMessageId: null,
    mentionsAccount: false,
    attachments: [],
    echoMark: null,
    address: null,
  } satisfies Partial<InboundEvent>
}

function removal(item: Item): InboundEvent | IgnoredItem {
  const { threadId, data } = item
  const target = idOrNull(UndoContent.safeParse(data.content).data?.globalMsgId)
  if (target === null) return ignored('undo_without_target')
  const occurredAt = timeOf(data)
  if (occurredAt === null) return ignored('undo_without_time')
  return {
    ...withoutWords(item, target),
    kind: 'message_remove',
    dedupeKey: `undo:${threadId}:${target}`,
    occurredAt,
    author: authorOf(item),
  }
}

function addressOf({ isGroup, threadId, data }: Item): ZaloAddress {
  const quote = quoteOf(data, isGroup ? 'group' : 'user')
  const quoted = quote === null ? {} : { quote }
  if (!isGroup) return { type: 'user', uid: threadId, ...quoted }
  const name = words(data.dName)
  return {
    type: 'group',
    groupId: threadId,
    ...quoted,
    ...(name === null ? {} : { mention: { uid: data.uidFrom, name } }),
  }
}

function authorOf(item: Item): InboundEvent['author'] {
  return { id: isOwn(item) ? item.account : item.data.uidFrom, name: words(item.data.dName) }
}

function placeOf({ isGroup, threadId }: Pick<Item, 'isGroup' | 'threadId'>): InboundEvent['place'] {
  return { kind: isGroup ? 'group' : 'direct', id: threadId }
}

/** In a group every question is a thread of its own, between two people there is one conversation. */
function threadKeyOf({ isGroup, threadId }: Pick<Item, 'isGroup' | 'threadId'>, messageId: string): string {
  return isGroup ? `group:${threadId}:${messageId}` : `user:${threadId}`
}

function isOwn({ account, isSelf, data }: Item): boolean {
  return isSelf || data.uidFrom === account || data.uidFrom === '0' // "0": how the wire names ourselves
}

/** By name or by quoting us. @All (type 1) calls everybody and so nobody in particular. */
function speaksTo({ account, isGroup, data }: Item): boolean {
  const isQuoted = isGroup && (data.quote?.ownerId === account || data.quote?.ownerId === '0')
  return isQuoted || data.mentions.some(({ uid, type }) => uid === account && type !== 1)
}

function isUndo({ msgType, content }: MessageData): boolean {
  return (
    msgType === 'chat.undo' || (typeof content === 'object' && content !== null && Object.hasOwn(content, 'deleteMsg'))
  )
}

/** `ts`, else the client id, which is the sender's clock in milliseconds. */
function timeOf({ ts, cliMsgId }: MessageData): Date | null {
  for (const text of [ts, cliMsgId]) {
    const at = new Date(/^\d{12,14}$/.test(text ?? '') ? Number(text) : Number.NaN)
    if (!Number.isNaN(at.getTime())) return at
  }
  return null
}

/** Zalo writes "none" as 0. */
function idOrNull(id: string | undefined): string | null {
  return id === undefined || id === '0' ? null : id
}

/** One item never takes its neighbours along, not even by exhausting the stack. */
function whole(read: () => Normalised): Normalised {
  try {
    return read()
  } catch {
    return [ignored('unreadable_item')]
  }
}

function ignored(reason: string): IgnoredItem {
  return { kind: 'ignored', reason }
}
