import { z } from 'zod'
import type { Attachment } from '../../src/intake/event.ts'
import { FeedValue, type Moments } from './payload.ts'
import { type Author, ignored, type Reading } from './reading.ts'

const Change = z.object({ field: z.string(), value: z.unknown() })

const commentKinds = { add: 'comment', edit: 'comment_edit', remove: 'comment_remove' } as const

/** Items under which a visitor's own words stand on the Page's wall. */
const wallItems = new Set(['post', 'status', 'photo', 'video', 'link', 'note'])

/** Reads one element of `entry[].changes`; `entryTime` is when it happened. */
export function readChange(pageId: string, entryTime: Date | null, raw: unknown): Reading {
  const change = Change.safeParse(raw)
  if (!change.success) return ignored('malformed', { pageId })
  const value = FeedValue.safeParse(change.data.value)
  if (change.data.field !== 'feed') {
    return ignored(`field:${label(change.data.field)}`, { pageId, ...idsOf(value.data) })
  }
  if (!value.success) return ignored('malformed', { pageId })
  const read = value.data.item === 'comment' ? readComment : readPost
  return read(pageId, value.data, { created: value.data.created_time ?? null, entry: entryTime })
}

function readComment(pageId: string, value: FeedValue, moments: Moments): Reading {
  const verb = verbOf(value)
  if (verb !== 'add' && verb !== 'edit' && verb !== 'remove') return ignored(label(verb), { pageId, ...idsOf(value) })
  const commentId = value.comment_id
  if (commentId === undefined) return ignored('malformed', { pageId, ...idsOf(value) })

  const author = authorOf(value)
  const postId = postIdOf(value)
  const parentId = value.parent_id ?? null
  const isReply = parentId !== null && !isTopLevel(parentId, commentId, postId)
  return {
    kind: commentKinds[verb],
    pageId,
    own: author?.id === pageId,
    commentId,
    postId,
    parentId,
    isReply,
    rootCommentId: isReply ? parentId : commentId,
    author,
    text: verb === 'remove' ? null : textOf(value),
    attachments: attachmentsOf(value),
    at: happenedAt(verb, moments),
  }
}

function readPost(pageId: string, value: FeedValue, moments: Moments): Reading {
  const verb = verbOf(value)
  const author = authorOf(value)
  const postId = postIdOf(value)
  const text = textOf(value)
  const setAside = ignored(`item:${label(value.item)}`, { pageId, ...idsOf(value) })
  if (postId === null) return setAside
  const common = { pageId, postId, author, attachments: attachmentsOf(value), at: happenedAt(verb, moments) }

  if (verb === 'remove' && (value.item === 'post' || value.item === 'status')) {
    return { ...common, kind: 'post_remove', text: null }
  }
  if (!wallItems.has(value.item) || author?.id === pageId) return setAside
  if (author === null && value.item !== 'post') return setAside // e.g. a blocked video: nobody's words
  if (verb === 'add') return { ...common, kind: 'visitor_post', text }
  if (verb === 'edit' && text !== null) return { ...common, kind: 'visitor_post_edit', text } // without: moved to trash
  return setAside
}

/**
 * parent_id stands on top-level comments too. It is the post there, but on photo posts `{album}_{story}`: only the part
 * after the underscore agrees with the post and with the first part of the comment's own id.
 */
function isTopLevel(parentId: string, commentId: string, postId: string | null): boolean {
  return tail(parentId) === head(commentId) || (postId !== null && tail(parentId) === tail(postId))
}

function head(id: string): string {
  return id.split('_', 1)[0] ?? id
}

function tail(id: string): string {
  return id.slice(id.lastIndexOf('_') + 1)
}

function verbOf(value: FeedValue): string {
  if (value.verb === 'edited') return 'edit'
  return value.verb === 'delete' ? 'remove' : (value.verb ?? 'no_verb')
}

/** created_time of an edit or a removal is often that of the comment itself. */
function happenedAt(verb: string, { created, entry }: Moments): Date | null {
  return verb === 'add' ? (created ?? entry) : (entry ?? created)
}

function postIdOf(value: FeedValue): string | null {
  return value.post_id ?? value.post?.id ?? null
}

/** Without the permission, or for a private profile, Facebook withholds the author: unknown, but not ours. */
function authorOf(value: FeedValue): Author | null {
  const id = value.from?.id ?? value.sender_id
  return id === undefined ? null : { id, name: (value.from?.name ?? value.sender_name) || null }
}

function textOf(value: FeedValue): string | null {
  return value.message || null
}

function attachmentsOf(value: FeedValue): Attachment[] {
  const photoLink = value.item === 'photo' ? value.link : undefined
  const photos = value.photos ?? [value.photo ?? photoLink]
  const videos = [value.video ?? (value.item === 'video' ? value.link : undefined)]
  return [
    ...photos.flatMap((url) => (url ? [{ kind: 'photo', url, name: null }] : [])),
    ...videos.flatMap((url) => (url ? [{ kind: 'video', url, name: null }] : [])),
  ]
}

function idsOf(value: FeedValue | undefined): {
  commentId: string | null
  postId: string | null
  senderId: string | null
} {
  return {
    commentId: value?.comment_id ?? null,
    postId: value?.post_id ?? null,
    senderId: value?.from?.id ?? null,
  }
}

/** Foreign words become part of a counter's name: only what looks like one of Facebook's names. */
export function label(name: string): string {
  return /^[a-z][a-z_-]{0,39}$/.test(name) ? name.replaceAll('-', '_') : 'other'
}
