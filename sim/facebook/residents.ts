import { SimulatorError } from '../kit/simulator-error.ts'
import type { ActionOutput } from './actions.ts'
import type { Core } from './core.ts'
import type { ResidentEntry } from './journal.ts'
import {
  commentUpdate,
  messageEditUpdate,
  messageRemoveUpdate,
  messageUpdate,
  postbackUpdate,
  postUpdate,
  reactionUpdate,
} from './payloads.ts'
import { type Comment, liveComment, livePost, type Message, type Post, pageOf } from './world.ts'
import { isByPage, threadOf, writeComment, writeMessage, writePost } from './writing.ts'

/** A resident writes under a post or answers a comment; the webhook goes out. */
export function comment(core: Core, input: ActionOutput<'comment'>): string {
  const { world } = core
  pageOf(world, input.pageId)
  const post = postFor(core, input.postId)
  const parent = input.parentCommentId ? commentFor(core, input.parentCommentId) : null
  const written = writeComment(world, {
    post,
    parent,
    author: input.author,
    text: input.text,
    photoUrl: input.photoUrl ?? null,
  })
  note(core, 'comment', written, written.text)
  core.webhooks.enqueue([commentUpdate(world, post, written, 'add', input.omit)])
  return written.id
}

/** The author of a comment changes its words. */
export function editComment(core: Core, input: ActionOutput<'editComment'>): void {
  const edited = commentFor(core, input.commentId)
  edited.text = input.text
  edited.editedAt = core.world.now()
  note(core, 'comment_edit', edited, input.text)
  core.webhooks.enqueue([commentUpdate(core.world, postFor(core, edited.postId), edited, 'edited')])
}

/** The author takes a comment back; its replies go with it, without webhooks of their own. */
export function removeComment(core: Core, input: ActionOutput<'removeComment'>): void {
  const removed = commentFor(core, input.commentId)
  const update = commentUpdate(core.world, postFor(core, removed.postId), removed, 'remove')
  if (input.bare) {
    delete update.body.from
    delete update.body.created_time
  }
  removed.removed = true
  note(core, 'comment_remove', removed, '')
  core.webhooks.enqueue([update])
}

/** A post goes for good; no webhooks for the comments under it follow. */
export function removePost(core: Core, input: ActionOutput<'removePost'>): void {
  const post = postFor(core, input.postId)
  post.removed = true
  if (isByPage(core.world, post))
    core.journal.write({
      kind: 'public',
      what: 'post_remove',
      via: 'facebook',
      pageId: post.pageId,
      id: post.id,
      text: '',
    })
  else note(core, 'post_remove', post, '')
  core.webhooks.enqueue([postUpdate(core.world, post, 'remove')])
}

/** A resident writes on the wall of the Page itself. */
export function visitorPost(core: Core, input: ActionOutput<'visitorPost'>): string {
  pageOf(core.world, input.pageId)
  const post = writePost(core.world, input)
  note(core, 'post', post, post.text)
  core.webhooks.enqueue([postUpdate(core.world, post, 'add')])
  return post.id
}

/** A like or another face: traffic without words. */
export function react(core: Core, input: ActionOutput<'react'>): void {
  core.webhooks.enqueue([reactionUpdate(core.world, postFor(core, input.postId), input.author, input.type)])
}

/** A resident writes to the Page in Messenger. */
export function message(core: Core, input: ActionOutput<'message'>): string {
  pageOf(core.world, input.pageId)
  const thread = threadOf(core.world, input.pageId, { id: input.psid, name: input.name })
  if (input.name !== '') thread.person.name = input.name
  const written = writeMessage(core.world, thread, {
    fromPage: false,
    text: input.text,
    attachments: input.attachments,
  })
  noteMessage(core, 'message', written)
  const update = messageUpdate(core.world, written, core.appId, input.replyTo)
  if (input.bare) update.body.message = { mid: written.mid }
  core.webhooks.enqueue([update])
  return written.mid
}

export function editMessage(core: Core, input: ActionOutput<'editMessage'>): void {
  const edited = messageFor(core, input.mid)
  edited.text = input.text
  noteMessage(core, 'message_edit', edited)
  core.webhooks.enqueue([messageEditUpdate(core.world, edited, 1)])
}

export function removeMessage(core: Core, input: ActionOutput<'removeMessage'>): void {
  const removed = messageFor(core, input.mid)
  removed.removed = true
  noteMessage(core, 'message_remove', removed)
  core.webhooks.enqueue([messageRemoveUpdate(core.world, removed)])
}

/** A tap on a menu or a button in Messenger. */
export function postback(core: Core, input: ActionOutput<'postback'>): string {
  pageOf(core.world, input.pageId)
  const thread = threadOf(core.world, input.pageId, { id: input.psid, name: input.name })
  const tapped = writeMessage(core.world, thread, { fromPage: false, text: input.title })
  noteMessage(core, 'postback', tapped)
  core.webhooks.enqueue([postbackUpdate(core.world, tapped, input.payload)])
  return tapped.mid
}

function note(core: Core, what: ResidentEntry['what'], item: Comment | Post, text: string): void {
  core.journal.write({
    kind: 'resident',
    what,
    pageId: item.pageId,
    id: item.id,
    authorId: item.author.id,
    text,
    ...('postId' in item ? { postId: item.postId } : {}),
    ...('parentId' in item && item.parentId ? { parentId: item.parentId } : {}),
  })
}

function noteMessage(core: Core, what: ResidentEntry['what'], item: Message): void {
  const text = what === 'message_remove' ? '' : item.text
  core.journal.write({ kind: 'resident', what, pageId: item.pageId, id: item.mid, authorId: item.psid, text })
}

function postFor(core: Core, id: string): Post {
  const post = livePost(core.world, id)
  if (!post) throw new SimulatorError('unknown_post', `there is no post ${id} to act on`)
  return post
}

function commentFor(core: Core, id: string): Comment {
  const found = liveComment(core.world, id)
  if (!found) throw new SimulatorError('unknown_comment', `there is no comment ${id} to act on`)
  return found
}

function messageFor(core: Core, mid: string): Message {
  const found = core.world.messages.get(mid)
  if (!found || found.removed) throw new SimulatorError('unknown_message', `there is no message ${mid} to act on`)
  return found
}
