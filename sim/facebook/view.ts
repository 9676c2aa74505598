import { SimulatorError } from '../kit/simulator-error.ts'
import { type Comment, liveComment, livePost, type Person, pageOf, type World } from './world.ts'
import { threadKey } from './writing.ts'

type WallComment = {
  id: string
  author: Person
  isPage: boolean
  text: string
  photoUrl: string | null
  at: number
  edited: boolean
  replies: WallComment[]
}

type WallPost = {
  id: string
  author: Person
  isPage: boolean
  text: string
  kind: 'text' | 'photo'
  photoUrl: string | null
  at: number
  comments: WallComment[]
}

export type Wall = { page: Person; posts: WallPost[] }

type ChatLine = {
  mid: string
  fromPage: boolean
  text: string
  attachments: { type: string; url: string }[]
  metadata: string | null
  at: number
}

export type Chat = { page: Person; person: Person; messages: ChatLine[] }

/** What the public sees on a Page now: newest post first, comments and replies oldest first, nothing hidden or removed. */
export function wallOf(world: World, pageId: string): Wall {
  const page = pageOf(world, pageId)
  const posts: WallPost[] = []
  for (const id of world.walls.get(pageId) ?? []) {
    const post = livePost(world, id)
    if (!post) continue
    const roots = post.commentIds
      .map((commentId) => world.comments.get(commentId))
      .filter((found) => found?.parentId === null)
    posts.unshift({
      id: post.id,
      author: post.author,
      isPage: post.author.id === pageId,
      text: post.text,
      kind: post.kind,
      photoUrl: post.photoUrl,
      at: post.createdAt,
      comments: roots.flatMap((root) => (root ? seen(world, root) : [])),
    })
  }
  return { page: { id: page.id, name: page.name }, posts }
}

/** The Messenger thread of a person with a Page, oldest first; empty when they never wrote. */
export function chatOf(world: World, pageId: string, psid: string): Chat {
  const page = pageOf(world, pageId)
  const thread = world.threads.get(threadKey(pageId, psid))
  const messages: ChatLine[] = []
  for (const mid of thread?.mids ?? []) {
    const message = world.messages.get(mid)
    if (!message) throw new SimulatorError('broken_thread', `message ${mid} is missing`)
    if (message.removed) continue
    const { fromPage, text, attachments, metadata, createdAt } = message
    messages.push({ mid, fromPage, text, attachments, metadata, at: createdAt })
  }
  return { page: { id: page.id, name: page.name }, person: thread?.person ?? { id: psid, name: '' }, messages }
}

function seen(world: World, comment: Comment): WallComment[] {
  if (!liveComment(world, comment.id) || comment.hidden) return []
  const replies = comment.replyIds.flatMap((id) => {
    const reply = world.comments.get(id)
    return reply ? seen(world, reply) : []
  })
  return [
    {
      id: comment.id,
      author: comment.author,
      isPage: comment.author.id === comment.pageId,
      text: comment.text,
      photoUrl: comment.photoUrl,
      at: comment.createdAt,
      edited: comment.editedAt !== null,
      replies,
    },
  ]
}
