import { z } from 'zod'
import type { Attachment } from '../../src/intake/event.ts'
import { Message, MessageAttachment, MessageEdit, MessagingItem, Postback } from './payload.ts'
import { label } from './read-feed.ts'
import { ignored, type MessagingReading, type Reading } from './reading.ts'

/** Starts the metadata of every message we send; what follows is the id of the outbox row. */
export const ourMetadataPrefix = 'dhmt:'

const Keyed = z.record(z.string(), z.unknown())
const WithMid = z.object({ mid: Message.shape.mid })
const addressing = new Set(['sender', 'recipient', 'timestamp'])

/** Reads one element of `entry[].messaging`. */
export function readMessaging(pageId: string, entryTime: Date | null, raw: unknown): Reading {
  const keyed = Keyed.safeParse(raw)
  const item = MessagingItem.safeParse(raw)
  if (!keyed.success || !item.success) return ignored('malformed', { pageId })
  const key = Object.keys(keyed.data).find((name) => !addressing.has(name))
  const { message, message_edit: edit, postback } = keyed.data
  const at = item.data.timestamp ?? entryTime

  if (message !== undefined) return readMessage(pageId, item.data, at, message)
  if (edit !== undefined) return readEdit(pageId, item.data, at, edit)
  if (postback !== undefined) return readPostback(pageId, item.data, at, postback)
  return setAside(key === undefined ? 'unknown' : label(key), pageId, item.data, key && keyed.data[key])
}

/** Reads one element of `entry[].standby`: another app owns the conversation, so it is counted and never answered. */
export function readStandby(pageId: string, raw: unknown): Reading {
  const keyed = Keyed.safeParse(raw)
  const item = MessagingItem.safeParse(raw)
  if (!keyed.success || !item.success) return ignored('malformed', { pageId })
  return setAside('standby', pageId, item.data, keyed.data.message ?? keyed.data.postback)
}

function readMessage(pageId: string, item: MessagingItem, at: Date | null, raw: unknown): Reading {
  const message = Message.safeParse(raw).data
  if (message === undefined) return setAside('malformed', pageId, item, raw)
  const sides = sidesOf(pageId, item, message.is_echo === true)
  if (typeof sides === 'string') return setAside(sides, pageId, item, raw)

  const { mid = null, is_deleted: isDeleted = false, metadata = '' } = message
  const text = message.text || null
  const attachments = attachmentsOf(message.attachments ?? [])
  if (mid === null && (isDeleted || (text === null && attachments.length === 0))) {
    return setAside('malformed', pageId, item, raw)
  }
  const common = { pageId, ...sides, mid, at, appId: message.app_id ?? null, payload: null, edition: null }
  if (isDeleted) {
    return { ...common, kind: 'message_remove', text: null, attachments: [], replyToMid: null, mark: null }
  }
  return {
    ...common,
    kind: sides.byPage ? 'echo' : 'message',
    text,
    attachments,
    replyToMid: message.reply_to?.mid ?? null,
    mark: sides.byPage && metadata.startsWith(ourMetadataPrefix) ? metadata.slice(ourMetadataPrefix.length) : null,
  }
}

function readEdit(pageId: string, item: MessagingItem, at: Date | null, raw: unknown): Reading {
  const edit = MessageEdit.safeParse(raw).data
  if (edit === undefined) return setAside('malformed', pageId, item, raw)
  const sides = sidesOf(pageId, item, false)
  if (typeof sides === 'string') return setAside(sides, pageId, item, raw)
  if (sides.byPage) return setAside('own_message_edit', pageId, item, raw)
  return {
    ...bare('message_edit', pageId, sides, at),
    mid: edit.mid,
    text: edit.text || null,
    edition: edit.num_edit ?? null,
  }
}

function readPostback(pageId: string, item: MessagingItem, at: Date | null, raw: unknown): Reading {
  const postback = Postback.safeParse(raw).data
  if (postback === undefined) return setAside('malformed', pageId, item, raw)
  const sides = sidesOf(pageId, item, false)
  if (typeof sides === 'string') return setAside(sides, pageId, item, raw)
  if (sides.byPage) return setAside('own_postback', pageId, item, raw)
  return {
    ...bare('postback', pageId, sides, at),
    mid: postback.mid ?? null,
    text: postback.title || null,
    payload: postback.payload ?? null,
  }
}

type Sides = Pick<MessagingReading, 'psid' | 'byPage'>

/** Which of the two is the person. A sender known by `user_ref` only, or another Page's item, is never guessed at. */
function sidesOf(pageId: string, item: MessagingItem, isEcho: boolean): Sides | 'no_psid' | 'recipient_mismatch' {
  const sender = item.sender?.id
  const recipient = item.recipient?.id
  if (sender === undefined) return 'no_psid'
  if (sender === pageId) return recipient === undefined ? 'no_psid' : { psid: recipient, byPage: true }
  if (isEcho || (recipient !== undefined && recipient !== pageId)) return 'recipient_mismatch'
  return { psid: sender, byPage: false }
}

function bare(
  kind: MessagingReading['kind'],
  pageId: string,
  sides: Sides,
  at: Date | null,
): Omit<MessagingReading, 'mid' | 'text'> {
  return {
    kind,
    pageId,
    ...sides,
    attachments: [],
    replyToMid: null,
    mark: null,
    appId: null,
    payload: null,
    edition: null,
    at,
  }
}

function setAside(reason: string, pageId: string, item: MessagingItem, content: unknown): Reading {
  const message = Message.safeParse(content).data
  return ignored(reason, {
    pageId,
    senderId: item.sender?.id ?? null,
    mid: WithMid.safeParse(content).data?.mid ?? null,
    text: message?.text ?? null,
  })
}

/** From June to August 2026 a sticker came twice, as an image and as a sticker: it is one. */
function attachmentsOf(raw: readonly unknown[]): Attachment[] {
  const parsed = raw.map((one) => MessageAttachment.safeParse(one).data)
  const stickers = new Set(parsed.flatMap((one) => (one?.type === 'sticker' ? [one.payload?.sticker_id] : [])))
  return parsed.flatMap((one): Attachment[] => {
    if (one === undefined) return [{ kind: 'unknown', url: null, name: null }]
    const stickerId = one.payload?.sticker_id
    if (one.type === 'image' && stickerId !== undefined && stickers.has(stickerId)) return []
    return [{ kind: one.type, url: one.payload?.url ?? one.url ?? null, name: nameOf(one) }]
  })
}

/** A location has no address, only coordinates. */
function nameOf({ title, payload }: MessageAttachment): string | null {
  const { lat, long } = payload?.coordinates ?? {}
  if (lat !== undefined && long !== undefined) return `${lat},${long}`
  return (title ?? payload?.title) || null
}
