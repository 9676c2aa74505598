import { OaEnvelope, OaMessage, OaReceipt } from './payload.ts'
import type { ContactReading, IgnoredReading, OaReading, ReceiptReading } from './reading.ts'

/** Everything Zalo is known to send that says nothing to us. Each is counted under its own name. */
const knownNoise = new Set([
  ...['user_click_chatnow', 'user_submit_info', 'update_user_info'],
  ...['add_user_to_tag', 'remove_user_from_tag', 'remove_tag'],
  ...['oa_send_consent', 'user_reply_consent', 'user_call_oa', 'user_feedback'],
  ...['change_template_status', 'change_template_quality', 'change_oa_daily_quota', 'change_oa_template_tags'],
])

/** Groups that an OA owns. They are no part of a conversation between two. */
const groupEvents = new Set([
  ...['create_group', 'delete_group', 'update_group_info', 'user_join_group', 'user_out_group'],
  ...['user_request_join_group', 'accept_request_join_group', 'reject_request_join_group'],
  ...['add_group_admin', 'remove_group_admin'],
])

const receipts = {
  user_received_message: 'received',
  user_seen_message: 'seen',
  user_reacted_message: 'reaction',
  oa_reacted_message: 'reaction',
} as const

const contacts = { follow: 'follow', unfollow: 'unfollow', user_withdraw: 'withdraw' } as const

/** Reads a parsed body. Total: whatever it is, it becomes a reading, if need be an ignored one with its reason. */
export function readOaBody(body: unknown): OaReading {
  const read = OaEnvelope.safeParse(body)
  if (!read.success) return ignored('malformed_delivery')
  const envelope = read.data
  const { event_name: name } = envelope
  if (isIn(contacts, name)) return contact(envelope, contacts[name])
  if (isIn(receipts, name)) return receipt(envelope, receipts[name])
  if (/^(user|oa)_send_group_/.test(name)) return ignored('group_message')
  if (groupEvents.has(name)) return ignored('group_event')
  if (knownNoise.has(name)) return ignored(name)
  if (/^user_send_[a-z_]{1,32}$/.test(name)) return message(envelope, false)
  if (/^anonymous_send_[a-z_]{1,32}$/.test(name)) return message(envelope, true)
  if (/^oa_send_[a-z_]{1,32}$/.test(name)) return echo(envelope)
  return ignored(name.startsWith('event_journey_') ? 'event_journey' : 'unknown_event')
}

/** The ids that may be our account's, the likeliest first: which of the two wrote depends on the event. */
export function accountsIn(body: unknown): readonly string[] {
  const read = OaEnvelope.safeParse(body)
  if (!read.success) return []
  const { oa_id: oaId, recipient, sender } = read.data
  return [...new Set([oaId, recipient?.id, sender?.id].filter((id) => id !== undefined))]
}

function message(envelope: OaEnvelope, isAnonymous: boolean): OaReading {
  const read = OaMessage.safeParse(envelope.message)
  const { sender, recipient } = envelope
  if (!read.success || sender === undefined || recipient === undefined) return ignored('malformed_message')
  return {
    kind: 'message',
    oaId: recipient.id,
    userId: sender.id,
    at: timeOf(envelope),
    isAnonymous,
    message: read.data,
  }
}

function echo(envelope: OaEnvelope): OaReading {
  const read = OaMessage.safeParse(envelope.message)
  const { sender, recipient } = envelope
  if (!read.success || sender === undefined || recipient === undefined) return ignored('malformed_echo')
  return {
    kind: 'echo',
    oaId: sender.id,
    userId: recipient.id,
    at: timeOf(envelope),
    isTyped: sender.admin_id !== undefined,
    message: read.data,
  }
}

function receipt(envelope: OaEnvelope, kind: ReceiptReading['kind']): OaReading {
  const read = OaReceipt.safeParse(envelope.message)
  const { sender, recipient, event_name } = envelope
  if (!read.success || sender === undefined || recipient === undefined) return ignored('malformed_receipt')
  const { msg_id, msg_ids, react_icon } = read.data
  const messageIds = [...(msg_ids ?? []), ...(msg_id === undefined ? [] : [msg_id])]
  if (messageIds.length === 0) return ignored('malformed_receipt')
  return {
    kind,
    parties: [sender.id, recipient.id],
    isOurs: event_name.startsWith('oa_'),
    at: timeOf(envelope),
    messageIds,
    sign: react_icon ?? null,
  }
}

function contact(envelope: OaEnvelope, kind: ContactReading['kind']): OaReading {
  const { oa_id, recipient, follower, user_id, sender } = envelope
  const oaId = oa_id ?? recipient?.id
  const userId = follower?.id ?? user_id ?? sender?.id
  if (oaId === undefined || userId === undefined) return ignored(`malformed_${kind}`)
  return { kind, oaId, userId, at: timeOf(envelope) }
}

function timeOf({ timestamp }: OaEnvelope): Date | null {
  const at = new Date(/^\d{12,14}$/.test(timestamp ?? '') ? Number(timestamp) : Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at
}

function isIn<T extends object>(table: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(table, name)
}

function ignored(reason: string): IgnoredReading {
  return { kind: 'ignored', reason }
}
