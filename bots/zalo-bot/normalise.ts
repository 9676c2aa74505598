import { createHash } from 'node:crypto'
import type { IgnoredItem, InboundEvent, Normalised } from '../../src/intake/event.ts'
import { readJson } from '../../src/lib/json.ts'
import type { RawDelivery } from '../bot.ts'
import type { BotAddress } from './address.ts'
import { readContent, words } from './content.ts'
import { BotMessage, Delivery } from './payload.ts'

/** What one delivery says: the platform brings one message at a time. */
export function normalise({ accountExternalId: account, body }: RawDelivery): Normalised {
  if (account === null) return [ignored('no_account')]
  const delivery = Delivery.safeParse(readJson(body))
  if (!delivery.success) return [ignored('malformed_delivery')]
  const { event_name: event, message } = delivery.data
  const [, kind] = /^message\.([a-z0-9_]{1,64})\.received$/.exec(event) ?? []
  if (kind === undefined) return [ignored('unknown_event')]
  // A valid event: of some people the platform tells that they wrote, and keeps to itself what.
  if (kind === 'unsupported') return [ignored('content_withheld')]
  const read = BotMessage.safeParse(message)
  return [read.success ? writing(account, kind, read.data) : ignored('malformed_message')]
}

function writing(account: string, kind: string, message: BotMessage): InboundEvent | IgnoredItem {
  const { from, chat } = message
  if (from.is_bot === true || from.id === account) return ignored('by_bot')
  const content = readContent(kind, message)
  if (content.text === null && content.attachments.length === 0) return ignored('empty_message')
  const isGroup = chat.chat_type === 'GROUP'
  const chatId = chat.id
  const messageId = message.message_id ?? null
  const name = messageId ?? nameless(kind, message)
  const address: BotAddress = { type: isGroup ? 'group' : 'direct', chatId }
  return {
    kind: 'message',
    accountExternalId: account,
    dedupeKey: `${chatId}:${name}`,
    occurredAt: timeOf(message),
    place: { kind: address.type, id: chatId },
    // In a group every question is a thread of its own, between two people there is one conversation.
    threadKey: isGroup ? `group:${chatId}:${name}` : `direct:${chatId}`,
    messageId,
    author: { id: from.id, name: words(from.display_name) },
    ...content,
    quotedMessageId: null, // what was quoted is not told
    mentionsAccount: isGroup, // nothing else of a group reaches a bot
    attachments: content.attachments,
    echoMark: null,
    address,
  }
}

/** 1970 where the platform names no time that can be: only the receiver knows better. */
function timeOf({ date }: BotMessage): Date {
  const at = new Date(date ?? 0)
  return Number.isNaN(at.getTime()) ? new Date(0) : at
}

/** A message without an id is known again by all that it says. */
function nameless(kind: string, message: BotMessage): string {
  return `nameless:${createHash('sha256')
    .update(JSON.stringify([kind, message]))
    .digest('base64url')
    .slice(0, 22)}`
}

function ignored(reason: string): IgnoredItem {
  return { kind: 'ignored', reason }
}
