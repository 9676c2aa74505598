import { permalinkOf } from '../payloads.ts'
import { graphTime } from '../wire.ts'
import { type Comment, liveComment, type Message, type Post, type World } from '../world.ts'
import { isByPage } from '../writing.ts'
import { type Fields, parseFields, pick } from './fields.ts'

/** A comment as Graph shows it to its Page. */
export function commentNode(world: World, comment: Comment, wanted: string): Record<string, unknown> {
  const fields = parseFields(wanted || 'id,created_time,from,message')
  const parent = comment.parentId ? world.comments.get(comment.parentId) : undefined
  const own = isByPage(world, comment)
  const post = world.posts.get(comment.postId)
  const node: Record<string, unknown> = {
    id: comment.id,
    created_time: graphTime(comment.createdAt),
    from: comment.author,
    message: comment.text,
    can_comment: true,
    can_remove: true,
    can_hide: !own,
    can_reply_privately: !own && comment.privateReplyMid === null && world.now() - comment.createdAt < 7 * 86_400_000,
    is_hidden: comment.hidden,
    comment_count: comment.replyIds.filter((id) => liveComment(world, id)).length,
    like_count: 0,
    permalink_url: post
      ? `${permalinkOf(post)}&comment_id=${comment.id.slice(comment.id.indexOf('_') + 1)}`
      : undefined,
    parent: parent
      ? { id: parent.id, created_time: graphTime(parent.createdAt), from: parent.author, message: parent.text }
      : undefined,
    attachment: comment.photoUrl
      ? { type: 'photo', url: comment.photoUrl, media: { image: { src: comment.photoUrl, height: 720, width: 960 } } }
      : undefined,
  }
  return pick(node, fields)
}

/** A post as Graph shows it. */
export function postNode(post: Post, wanted: string): Record<string, unknown> {
  return pick(
    {
      id: post.id,
      created_time: graphTime(post.createdAt),
      updated_time: graphTime(post.updatedAt),
      message: post.text,
      from: post.author,
      permalink_url: permalinkOf(post),
      is_published: true,
      is_hidden: false,
      status_type: post.kind === 'photo' ? 'added_photos' : 'mobile_status_update',
      full_picture: post.photoUrl ?? undefined,
    },
    parseFields(wanted || 'id,created_time,message'),
  )
}

/** A Messenger text as the conversation edges show it. */
export function messageNode(world: World, message: Message, fields: Fields): Record<string, unknown> {
  const person = world.threads.get(`${message.pageId}:${message.psid}`)?.person ?? { id: message.psid, name: '' }
  const page = { id: message.pageId, name: world.pages.get(message.pageId)?.name ?? '' }
  return pick(
    {
      id: message.mid,
      created_time: graphTime(message.createdAt),
      message: message.text,
      from: message.fromPage ? page : person,
      to: { data: [message.fromPage ? person : page] },
      attachments:
        message.attachments.length > 0
          ? { data: message.attachments.map(({ type, url }) => ({ mime_type: type, file_url: url })) }
          : undefined,
    },
    fields,
  )
}
