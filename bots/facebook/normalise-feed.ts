import type { InboundEvent } from '../../src/intake/event.ts'
import { digest } from './digest.ts'
import type { CommentReading, PostReading } from './reading.ts'

/** When the payload names no time at all; the caller knows when the delivery came. */
export const unknownTime = new Date(0)

const commentVerbs = { comment: 'add', comment_edit: 'edited', comment_remove: 'remove' } as const
const postVerbs = { visitor_post: 'add', visitor_post_edit: 'edited', post_remove: 'remove' } as const

/** A comment under one of the Page's posts. The Page's own comes back as an echo that names what it stands under. */
export function commentEvent(reading: CommentReading): InboundEvent {
  const { pageId, commentId, rootCommentId, isReply, own, text } = reading
  // {story}_{comment} and {page}_{story}: the post is known even where the payload leaves it out.
  const postId = reading.postId ?? `${pageId}_${commentId.split('_', 1)[0]}`
  const isEcho = own && reading.kind !== 'comment_remove'
  const answersPost = isEcho && !isReply
  return {
    kind: isEcho ? 'echo' : reading.kind,
    accountExternalId: pageId,
    dedupeKey: keyOf(pageId, commentId, commentVerbs[reading.kind], text),
    occurredAt: reading.at ?? unknownTime,
    place: { kind: 'post', id: postId },
    threadKey: answersPost ? `post:${postId}` : `comment:${rootCommentId}`,
    messageId: commentId,
    author: reading.author,
    text,
    quotedMessageId: isReply ? rootCommentId : answersPost ? postId : null,
    mentionsAccount: false,
    attachments: [...reading.attachments],
    echoMark: null, // a comment carries no metadata; the publisher finds its own by the mark in the text
    address: isEcho || reading.kind === 'comment_remove' ? null : { type: 'comment', rootCommentId },
  }
}

/** A visitor's post on the Page's wall, or a post that is gone. */
export function postEvent(reading: PostReading): InboundEvent {
  const { pageId, postId, text } = reading
  return {
    kind: reading.kind === 'visitor_post_edit' ? 'comment_edit' : reading.kind,
    accountExternalId: pageId,
    dedupeKey: keyOf(pageId, postId, postVerbs[reading.kind], text),
    occurredAt: reading.at ?? unknownTime,
    place: { kind: 'post', id: postId },
    threadKey: `post:${postId}`,
    messageId: postId,
    author: reading.author,
    text,
    quotedMessageId: null,
    mentionsAccount: false,
    attachments: [...reading.attachments],
    echoMark: null,
    address: reading.kind === 'post_remove' ? null : { type: 'post', postId },
  }
}

/** Facebook sends no version of an edit, so its text stands for it. */
function keyOf(pageId: string, id: string, verb: 'add' | 'edited' | 'remove', text: string | null): string {
  return verb === 'edited' ? `${pageId}:${id}:edited:${digest(text)}` : `${pageId}:${id}:${verb}`
}
