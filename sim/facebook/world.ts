import { SimulatorError } from '../kit/simulator-error.ts'
import type { Ids } from './ids.ts'

export type Person = { id: string; name: string }

export type Page = {
  id: string
  name: string
  token: string
  /** Why the token is refused now, or null while it is good. */
  tokenTrouble: { subcode?: number; message: string } | null
  /** What debug_token says of it besides; absent: all permissions, never ending. */
  tokenFacts?: TokenFacts
  /** Fields of POST /{page}/subscribed_apps; empty means nothing is delivered. */
  subscribedFields: string[]
}

/** Of a Page's token: permissions, ends in seconds (0: never), and the app it was made for. */
export type TokenFacts = {
  scopes?: string[]
  granularScopes?: { scope: string; target_ids?: string[] }[]
  expiresAt?: number
  dataAccessExpiresAt?: number
  appId?: string
}

export type User = { id: string; name: string; token: string; pageIds: string[]; kind?: 'USER' | 'SYSTEM_USER' }

export type Post = {
  id: string
  story: string
  pageId: string
  /** Set on photo posts: parent_id of a top-level comment is then `{album}_{story}`. */
  albumId: string | null
  photoId: string | null
  photoUrl: string | null
  kind: 'text' | 'photo'
  author: Person
  text: string
  createdAt: number
  updatedAt: number
  removed: boolean
  /** Absent: nobody has answered its author in private. */
  privateReplyMid?: string
  commentIds: string[]
}

export type Comment = {
  id: string
  seq: number
  pageId: string
  postId: string
  /** The root comment this one answers; null on a top-level comment. Facebook shows two levels, so it is never a reply. */
  parentId: string | null
  author: Person
  text: string
  photoUrl: string | null
  createdAt: number
  editedAt: number | null
  hidden: boolean
  removed: boolean
  privateReplyMid: string | null
  replyIds: string[]
}

export type Message = {
  mid: string
  pageId: string
  psid: string
  fromPage: boolean
  text: string
  attachments: { type: string; url: string }[]
  metadata: string | null
  createdAt: number
  removed: boolean
}

export type Thread = {
  id: string
  pageId: string
  person: Person
  /** The person's last action: the 24 hours count from here. Null after a private reply nobody answered. */
  lastFromPersonAt: number | null
  mids: string[]
}

/** A picture that was uploaded. Nobody sees it before something shows it. */
export type Photo = { pageId: string; type: string; base64: string }

/** Everything that exists on this Facebook. */
export type World = {
  ids: Ids
  now: () => number
  pages: Map<string, Page>
  users: Map<string, User>
  posts: Map<string, Post>
  /** Post ids of a Page, oldest first. */
  walls: Map<string, string[]>
  comments: Map<string, Comment>
  photos: Map<string, Photo>
  threads: Map<string, Thread>
  messages: Map<string, Message>
  /** `{page}:{author}` → PSID. Facebook does not promise that the two ids are equal, so here they are not. */
  identities: Map<string, string>
}

/** A Facebook with nothing on it. */
export function emptyWorld(ids: Ids, now: () => number): World {
  return {
    ids,
    now,
    pages: new Map(),
    users: new Map(),
    posts: new Map(),
    walls: new Map(),
    comments: new Map(),
    photos: new Map(),
    threads: new Map(),
    messages: new Map(),
    identities: new Map(),
  }
}

/** The Page, or an error that names it: a caller of the simulator made a mistake. */
export function pageOf(world: World, pageId: string): Page {
  const page = world.pages.get(pageId)
  if (!page) throw new SimulatorError('unknown_page', `there is no Page ${pageId}; add it with addPage first`)
  return page
}

/** The post while it is there, else null. */
export function livePost(world: World, id: string): Post | null {
  const post = world.posts.get(id)
  return post && !post.removed ? post : null
}

/** The comment while it, its parent and its post are there, else null. */
export function liveComment(world: World, id: string): Comment | null {
  const comment = world.comments.get(id)
  if (!comment || comment.removed || !livePost(world, comment.postId)) return null
  if (comment.parentId && world.comments.get(comment.parentId)?.removed) return null
  return comment
}
