import type { IgnoredItem, InboundEvent } from '../../src/intake/event.ts'
import { digest } from './digest.ts'
import { unknownTime } from './normalise-feed.ts'
import { type MessagingReading, senderOf } from './reading.ts'

/** One message between a person and the Page. What the Page wrote comes back as an echo with our mark, or without. */
export function messagingEvent(reading: MessagingReading): InboundEvent | IgnoredItem {
  const { kind, pageId, psid, mark } = reading
  // A long text goes out in parts; the row is confirmed by the last of them, which carries the bare id.
  if (mark?.includes('#')) return { kind: 'ignored', reason: 'own_part' }
  return {
    kind,
    accountExternalId: pageId,
    dedupeKey: keyOf(reading),
    occurredAt: reading.at ?? unknownTime,
    place: { kind: 'direct', id: psid },
    threadKey: `dm:${psid}`,
    messageId: reading.mid,
    author: { id: senderOf(reading), name: null },
    text: reading.text,
    quotedMessageId: reading.replyToMid,
    mentionsAccount: false,
    attachments: [...reading.attachments],
    echoMark: mark,
    address: kind === 'echo' || kind === 'message_remove' ? null : { type: 'messenger', psid },
  }
}

function keyOf(reading: MessagingReading): string {
  const { kind, pageId, mid, psid, at, text, payload, edition } = reading
  if (mid === null) return `${pageId}:${psid}:${at?.getTime() ?? 0}:${kind}:${digest(payload ?? text)}`
  if (kind === 'message_edit') return `${mid}:edit:${edition ?? ''}:${digest(text)}`
  return kind === 'message_remove' ? `${mid}:remove` : mid
}
