import type { Comment, Message, Page, Person, Post, Thread, World } from './world.ts'
import { pageOf } from './world.ts'

/** Puts a post on the wall of a Page. */
export function writePost(
  world: World,
  input: {
    pageId: string
    author: Person
    text: string
    kind?: Post['kind'] | undefined
    photoUrl?: string | null | undefined
    id?: string | undefined
  },
): Post {
  const kind = input.kind ?? 'text'
  const id = input.id ?? `${input.pageId}_${world.ids.story()}`
  const at = world.now()
  const post: Post = {
    id,
    story: id.slice(id.indexOf('_') + 1),
    pageId: input.pageId,
    albumId: kind === 'photo' ? world.ids.album() : null,
    photoId: kind === 'photo' ? world.ids.photo() : null,
    photoUrl: input.photoUrl ?? null,
    kind,
    author: input.author,
    text: input.text,
    createdAt: at,
    updatedAt: at,
    removed: false,
    commentIds: [],
  }
  world.posts.set(id, post)
  const wall = world.walls.get(input.pageId) ?? []
  wall.push(id)
  world.walls.set(input.pageId, wall)
  return post
}

/** Puts a comment under a post, or under the root of `parent`: an answer to an answer nests under the root. */
export function writeComment(
  world: World,
  input: { post: Post; parent?: Comment | null; author: Person; text: string; photoUrl?: string | null },
): Comment {
  const parentId = input.parent ? (input.parent.parentId ?? input.parent.id) : null
  const comment: Comment = {
    id: `${input.post.story}_${world.ids.comment()}`,
    seq: world.comments.size + 1,
    pageId: input.post.pageId,
    postId: input.post.id,
    parentId,
    author: input.author,
    text: input.text,
    photoUrl: input.photoUrl ?? null,
    createdAt: world.now(),
    editedAt: null,
    hidden: false,
    removed: false,
    privateReplyMid: null,
    replyIds: [],
  }
  world.comments.set(comment.id, comment)
  input.post.commentIds.push(comment.id)
  if (parentId) world.comments.get(parentId)?.replyIds.push(comment.id)
  return comment
}

/** The Messenger thread of a person with a Page, opened when there is none. */
export function threadOf(world: World, pageId: string, person: Person): Thread {
  const key = threadKey(pageId, person.id)
  const known = world.threads.get(key)
  if (known) return known
  const thread: Thread = { id: `t_${person.id}`, pageId, person, lastFromPersonAt: null, mids: [] }
  world.threads.set(key, thread)
  return thread
}

/** Adds a message to a thread; one from the person reopens the 24 hours. */
export function writeMessage(
  world: World,
  thread: Thread,
  input: { fromPage: boolean; text: string; attachments?: Message['attachments']; metadata?: string | null },
): Message {
  const message: Message = {
    mid: world.ids.mid(),
    pageId: thread.pageId,
    psid: thread.person.id,
    fromPage: input.fromPage,
    text: input.text,
    attachments: input.attachments ?? [],
    metadata: input.metadata ?? null,
    createdAt: world.now(),
    removed: false,
  }
  world.messages.set(message.mid, message)
  thread.mids.push(message.mid)
  if (!input.fromPage) thread.lastFromPersonAt = message.createdAt
  return message
}

/** The PSID of somebody who commented: another number than the comment's author id, as Facebook may do. */
export function psidOfAuthor(world: World, pageId: string, authorId: string): string {
  const key = `${pageId}:${authorId}`
  const known = world.identities.get(key)
  if (known) return known
  const psid = world.ids.psid()
  world.identities.set(key, psid)
  return psid
}

/** The Page as an author. */
export function pageAsPerson(page: Page): Person {
  return { id: page.id, name: page.name }
}

/** True when the author is the Page on whose wall the words stand. */
export function isByPage(world: World, item: { pageId: string; author: Person }): boolean {
  return item.author.id === pageOf(world, item.pageId).id
}

export function threadKey(pageId: string, psid: string): string {
  return `${pageId}:${psid}`
}
