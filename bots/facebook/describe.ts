import type { Attachment } from '../../src/intake/event.ts'
import {
  type CommentReading,
  type IgnoredReading,
  type MessagingReading,
  type PostReading,
  type Reading,
  senderOf,
  setAside,
} from './reading.ts'
import { readBody } from './readings.ts'

/** What stands around a delivery: without Pages every Page counts as ours. */
export interface DescribeContext {
  readonly appIds: readonly string[]
  readonly pageIds: readonly string[]
}

export type Description = Readonly<Record<string, unknown>>

/** What we make of a parsed body, in Facebook's own words: one entry an item, in the order of the payload. */
export function describe(body: unknown, context: DescribeContext): Description[] {
  return readBody(body).map((reading) => {
    const isForeign = reading.pageId !== null && context.pageIds.length > 0 && !context.pageIds.includes(reading.pageId)
    return describeReading(
      isForeign && reading.kind !== 'ignored' ? setAside(reading, 'unknown_page') : reading,
      context,
    )
  })
}

function describeReading(reading: Reading, context: DescribeContext): Description {
  switch (reading.kind) {
    case 'ignored':
      return describeIgnored(reading)
    case 'comment':
    case 'comment_edit':
    case 'comment_remove':
      return describeComment(reading)
    case 'visitor_post':
    case 'visitor_post_edit':
    case 'post_remove':
      return describePost(reading)
    default:
      return describeMessaging(reading, context)
  }
}

function describeIgnored({
  kind,
  reason,
  text,
  commentId,
  postId,
  pageId,
  senderId,
  mid,
}: IgnoredReading): Description {
  return { kind, reason, text: composed(text), commentId, postId, pageId, senderId, ...(mid === null ? {} : { mid }) }
}

function describeComment(reading: CommentReading): Description {
  const { kind, commentId, postId, pageId, own, parentId } = reading
  const common = { text: composed(reading.text), commentId, postId, pageId, senderId: reading.author?.id ?? null }
  if (kind === 'comment_remove') return { kind, ...common }
  if (own) return { kind: 'ignored', reason: 'own_comment', ...common, parentId }
  return {
    kind,
    ...common,
    text: common.text ?? '',
    isReply: reading.isReply,
    replyTo: reading.rootCommentId,
    attachments: reading.attachments.map(describeAttachment),
    ...needsLookup(reading.author === null || isBlank(reading)),
  }
}

function describePost(reading: PostReading): Description {
  const { pageId, postId, attachments } = reading
  return {
    kind: reading.kind === 'visitor_post_edit' ? 'comment_edit' : reading.kind,
    text: reading.kind === 'post_remove' ? null : (composed(reading.text) ?? ''),
    commentId: null,
    postId,
    pageId,
    senderId: reading.author?.id ?? null,
    ...(attachments.length === 0 ? {} : { attachments: attachments.map(describeAttachment) }),
    ...needsLookup(reading.kind === 'visitor_post' && reading.author === null),
  }
}

function describeMessaging(reading: MessagingReading, { appIds }: DescribeContext): Description {
  const { kind, pageId, mid, psid, appId } = reading
  const text = kind === 'message_remove' ? null : (composed(reading.text) ?? '')
  const common = { kind, text, commentId: null, postId: null, pageId, senderId: senderOf(reading), mid }
  switch (kind) {
    case 'message':
      return {
        ...common,
        attachments: reading.attachments.map(describeAttachment),
        ...(reading.replyToMid === null ? {} : { replyToMid: reading.replyToMid }),
        ...needsLookup(isBlank(reading)),
      }
    case 'postback':
      return { ...common, payload: reading.payload }
    case 'echo':
      return { ...common, recipientId: psid, own: reading.mark !== null || (appId !== null && appIds.includes(appId)) }
    default:
      return common
  }
}

/** Words and pictures are missing: a sticker, or a permission. Only a look-up tells. */
function isBlank({ text, attachments }: Pick<MessagingReading, 'text' | 'attachments'>): boolean {
  return text === null && attachments.length === 0
}

function needsLookup(needed: boolean): Description {
  return needed ? { needsLookup: true } : {}
}

function describeAttachment({ kind, url }: Attachment): Description {
  return { type: kind, url }
}

function composed(text: string | null): string | null {
  return text?.normalize('NFC') ?? null
}
