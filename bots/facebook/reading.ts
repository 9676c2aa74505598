import type { Attachment } from '../../src/intake/event.ts'

/** One item of a delivery as Facebook means it, in Facebook's own ids. Events and descriptions are made from it. */
export type Reading = CommentReading | PostReading | MessagingReading | IgnoredReading

export interface CommentReading {
  readonly kind: 'comment' | 'comment_edit' | 'comment_remove'
  readonly pageId: string
  /** The Page itself wrote it, through us or by somebody's hand. */
  readonly own: boolean
  readonly commentId: string
  readonly postId: string | null
  /** As sent: the post or its album on a top-level comment. */
  readonly parentId: string | null
  readonly isReply: boolean
  /** Facebook shows two levels, so answers always go here. */
  readonly rootCommentId: string
  readonly author: Author | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly at: Date | null
}

export interface PostReading {
  readonly kind: 'visitor_post' | 'visitor_post_edit' | 'post_remove'
  readonly pageId: string
  readonly postId: string
  readonly author: Author | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly at: Date | null
}

export interface MessagingReading {
  readonly kind: 'message' | 'message_edit' | 'message_remove' | 'postback' | 'echo'
  readonly pageId: string
  /** The person on the other side, whoever of the two wrote. */
  readonly psid: string
  readonly byPage: boolean
  readonly mid: string | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  readonly replyToMid: string | null
  /** The part after `dhmt:` of an echo's metadata. */
  readonly mark: string | null
  readonly appId: string | null
  readonly payload: string | null
  /** The count of edits so far. */
  readonly edition: string | null
  readonly at: Date | null
}

export interface IgnoredReading {
  readonly kind: 'ignored'
  readonly reason: string
  readonly pageId: string | null
  readonly senderId: string | null
  readonly text: string | null
  readonly commentId: string | null
  readonly postId: string | null
  readonly mid: string | null
}

export interface Author {
  readonly id: string
  readonly name: string | null
}

/** An ignored item with whatever could still be read of it. */
export function ignored(reason: string, facts: Partial<Omit<IgnoredReading, 'kind' | 'reason'>> = {}): IgnoredReading {
  return {
    kind: 'ignored',
    reason,
    pageId: null,
    senderId: null,
    text: null,
    commentId: null,
    postId: null,
    mid: null,
    ...facts,
  }
}

/** The same item, set aside for `reason`; it keeps its ids and leaves the words behind. */
export function setAside(reading: Reading, reason: string): IgnoredReading {
  const { pageId } = reading
  switch (reading.kind) {
    case 'ignored':
      return { ...reading, reason, text: null }
    case 'comment':
    case 'comment_edit':
    case 'comment_remove': {
      const { commentId, postId } = reading
      return ignored(reason, { pageId, commentId, postId, senderId: reading.author?.id ?? null })
    }
    case 'visitor_post':
    case 'visitor_post_edit':
    case 'post_remove':
      return ignored(reason, { pageId, postId: reading.postId, senderId: reading.author?.id ?? null })
    default:
      return ignored(reason, { pageId, mid: reading.mid, senderId: senderOf(reading) })
  }
}

/** Who wrote in a conversation between the Page and one person. */
export function senderOf(reading: MessagingReading): string {
  return reading.byPage ? reading.pageId : reading.psid
}
