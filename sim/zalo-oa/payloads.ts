import type { Contact, Message } from './world.ts'

/** One event as it goes to the webhook. */
export type WebhookEvent = {
  oaId: string
  name: string
  /** What it is about, for the log. */
  id: string
  /** Everything but `app_id` and `timestamp`. */
  body: Record<string, unknown>
  at: number
}

/** `user_send_text`, `user_send_image`, …: what a person sent. */
export function userSent(contact: Contact, message: Message): WebhookEvent {
  const { msgId, text, quoteMsgId, attachments, at } = message
  const name = `user_send_${attachments[0]?.type ?? 'text'}`
  return {
    oaId: contact.oaId,
    name,
    id: msgId,
    at,
    body: {
      user_id_by_app: contact.userIdByApp,
      sender: { id: contact.userId },
      recipient: { id: contact.oaId },
      event_name: name,
      message: { text, msg_id: msgId, ...quoted(quoteMsgId), ...attached(attachments) },
    },
  }
}

/** `oa_send_text`, …: what the OA sent; `adminId` where a person typed it in Zalo's own console. */
export function oaSent(contact: Contact, message: Message, adminId: string | null): WebhookEvent {
  const { msgId, text, quoteMsgId, attachments, at } = message
  const name = `oa_send_${attachments[0]?.type ?? 'text'}`
  return {
    oaId: contact.oaId,
    name,
    id: msgId,
    at,
    body: {
      user_id_by_app: contact.userIdByApp,
      sender: { id: contact.oaId, ...(adminId === null ? {} : { admin_id: adminId }) },
      recipient: { id: contact.userId },
      event_name: name,
      message: { text, msg_id: msgId, ...quoted(quoteMsgId), ...attached(attachments) },
    },
  }
}

export function followed(contact: Contact, name: 'follow' | 'unfollow', at: number): WebhookEvent {
  const { oaId, userId, userIdByApp } = contact
  return {
    oaId,
    name,
    id: userId,
    at,
    body: {
      user_id_by_app: userIdByApp,
      oa_id: oaId,
      event_name: name,
      follower: { id: userId },
      ...(name === 'follow' ? { source: 'oa_profile' } : {}),
    },
  }
}

/** The person asks that their data be deleted. */
export function withdrew({ oaId, userId, userIdByApp }: Contact, at: number): WebhookEvent {
  return {
    oaId,
    name: 'user_withdraw',
    id: userId,
    at,
    body: { oa_id: oaId, user_id: userId, user_id_by_app: userIdByApp, event_name: 'user_withdraw' },
  }
}

/** Something about a message that stands there already. */
export function aboutMessage(
  { oaId, userId, userIdByApp }: Contact,
  name: 'user_seen_message' | 'user_received_message' | 'user_reacted_message' | 'user_click_chatnow',
  detail: { msgId: string; icon?: string },
  at: number,
): WebhookEvent {
  const { msgId, icon } = detail
  const isReceipt = name === 'user_seen_message' || name === 'user_received_message'
  return {
    oaId,
    name,
    id: msgId,
    at,
    body: {
      user_id_by_app: userIdByApp,
      sender: { id: isReceipt ? oaId : userId },
      recipient: { id: isReceipt ? userId : oaId },
      event_name: name,
      message: {
        ...(isReceipt ? { msg_ids: [msgId] } : { msg_id: msgId }),
        ...(icon === undefined ? {} : { react_icon: icon }),
      },
    },
  }
}

function quoted(quoteMsgId: string | null): object {
  return quoteMsgId === null ? {} : { quote_msg_id: quoteMsgId }
}

function attached(attachments: Message['attachments']): object {
  return attachments.length === 0 ? {} : { attachments }
}
