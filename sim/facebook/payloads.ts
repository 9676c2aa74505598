import { graphTime, seconds } from './wire.ts'
import type { Comment, Message, Person, Post, World } from './world.ts'

/** One update on its way to the product: a change of the feed (seconds) or a messaging item (milliseconds). */
export type Update = {
  pageId: string
  shape: 'changes' | 'messaging' | 'standby'
  /** The subscribed field that lets it through. */
  field: string
  at: number
  /** The comment, post or mid it is about, for the log. */
  about: string
  body: Record<string, unknown>
}

/** What a change may lack: no permission, no role, a private profile. */
export type Omission = 'from' | 'name' | 'message' | 'post'

export type CommentVerb = 'add' | 'edited' | 'remove' | 'hide' | 'unhide'

/** A comment as it stands in `feed`. parent_id is there on top-level comments too, and on photo posts names the album. */
export function commentUpdate(
  world: World,
  post: Post,
  comment: Comment,
  verb: CommentVerb,
  omit: readonly Omission[] = [],
): Update {
  const value: Record<string, unknown> = {}
  if (!omit.includes('from')) value.from = authorIn(comment.author, omit)
  const bare = verb === 'remove'
  if (!bare && !omit.includes('post')) value.post = postSummary(post)
  if (!bare && comment.text !== '' && !omit.includes('message')) value.message = comment.text
  value.post_id = post.id
  value.comment_id = comment.id
  value.created_time = seconds(bare ? world.now() : comment.createdAt)
  value.item = 'comment'
  value.parent_id = comment.parentId ?? (post.albumId ? `${post.albumId}_${post.story}` : post.id)
  value.verb = verb
  if (!bare && comment.photoUrl) value.photo = comment.photoUrl
  return feed(world, post.pageId, comment.id, value)
}

/** A post in `feed`: item and extra keys differ between a resident's, a text of the Page and a photo of the Page. */
export function postUpdate(world: World, post: Post, verb: 'add' | 'edited' | 'remove'): Update {
  const base = { from: post.author, post_id: post.id, created_time: seconds(post.createdAt), verb }
  if (verb === 'remove')
    return feed(world, post.pageId, post.id, { ...base, item: 'post', created_time: seconds(world.now()) })
  if (post.author.id !== post.pageId)
    return feed(world, post.pageId, post.id, { ...base, item: 'post', message: post.text, is_hidden: false })
  if (post.kind === 'photo' && verb === 'add')
    return feed(world, post.pageId, post.id, {
      ...base,
      item: 'photo',
      photo_id: post.photoId,
      link: post.photoUrl,
      published: 1,
      message: post.text,
    })
  return feed(world, post.pageId, post.id, { ...base, item: 'status', published: 1, message: post.text })
}

/** A reaction: 85 % of a real Page's traffic and nothing for the product to do. */
export function reactionUpdate(world: World, post: Post, from: Person, type: string): Update {
  return feed(world, post.pageId, post.id, {
    reaction_type: type,
    from,
    post_id: post.id,
    created_time: seconds(world.now()),
    item: 'reaction',
    parent_id: post.id,
    verb: 'add',
  })
}

/** A text from a person, or the echo of one from the Page. */
export function messageUpdate(world: World, message: Message, appId: string, replyTo?: string): Update {
  const body: Record<string, unknown> = { mid: message.mid }
  if (message.text !== '') body.text = message.text
  if (message.attachments.length > 0)
    body.attachments = message.attachments.map(({ type, url }) => ({ type, payload: { url } }))
  if (replyTo) body.reply_to = { mid: replyTo }
  if (message.fromPage) {
    body.is_echo = true
    body.app_id = Number(appId)
    if (message.metadata !== null) body.metadata = message.metadata
  }
  return messaging(world, message, message.fromPage ? 'message_echoes' : 'messages', { message: body })
}

export function messageEditUpdate(world: World, message: Message, edits: number): Update {
  return messaging(world, message, 'message_edits', {
    message_edit: { mid: message.mid, text: message.text, num_edit: String(edits) },
  })
}

export function messageRemoveUpdate(world: World, message: Message): Update {
  return messaging(world, message, 'messages', { message: { mid: message.mid, is_deleted: true } })
}

export function postbackUpdate(world: World, message: Message, payload: string): Update {
  return messaging(world, message, 'messaging_postbacks', {
    postback: { mid: message.mid, title: message.text, payload },
  })
}

/** The envelope: one entry per Page and shape, its time in the unit of that shape. */
export function envelope(updates: readonly Update[]): unknown {
  const entries = new Map<string, { id: string; time: number; [shape: string]: unknown }>()
  for (const update of updates) {
    const key = `${update.pageId}:${update.shape}`
    const time = update.shape === 'changes' ? seconds(update.at) : update.at
    const entry = entries.get(key) ?? { id: update.pageId, time, [update.shape]: [] }
    const items = entry[update.shape]
    if (Array.isArray(items))
      items.push(update.shape === 'changes' ? { value: update.body, field: update.field } : update.body)
    entry.time = Math.max(entry.time, time)
    entries.set(key, entry)
  }
  return { entry: [...entries.values()], object: 'page' }
}

export function permalinkOf(post: Post): string {
  return `https://www.facebook.com/permalink.php?story_fbid=${post.story}&id=${post.pageId}`
}

function authorIn(author: Person, omit: readonly Omission[]): Partial<Person> {
  return omit.includes('name') ? { id: author.id } : { id: author.id, name: author.name }
}

function postSummary(post: Post): Record<string, unknown> {
  return {
    status_type: post.kind === 'photo' ? 'added_photos' : 'mobile_status_update',
    is_published: true,
    updated_time: graphTime(post.updatedAt),
    permalink_url: permalinkOf(post),
    promotion_status: 'inactive',
    id: post.id,
  }
}

function feed(world: World, pageId: string, about: string, value: Record<string, unknown>): Update {
  return { pageId, shape: 'changes', field: 'feed', at: world.now(), about, body: value }
}

function messaging(world: World, message: Message, field: string, extra: Record<string, unknown>): Update {
  const person = { id: message.psid }
  const page = { id: message.pageId }
  const at = world.now()
  return {
    pageId: message.pageId,
    shape: 'messaging',
    field,
    at,
    about: message.mid,
    body: {
      sender: message.fromPage ? page : person,
      recipient: message.fromPage ? person : page,
      timestamp: at,
      ...extra,
    },
  }
}
