import { SimulatorError } from '../kit/simulator-error.ts'
import type { ActionOutput } from './actions.ts'
import type { Core } from './core.ts'
import type { PublicEntry } from './journal.ts'
import { commentUpdate, messageUpdate, postUpdate } from './payloads.ts'
import { type Comment, liveComment, livePost, type Post, pageOf } from './world.ts'
import { pageAsPerson, threadOf, writeComment, writeMessage, writePost } from './writing.ts'

/** The app id of Facebook's own Page inbox, which stands in the echo of what a person typed there. */
const pageInboxAppId = '263902037430900'

/** The Page publishes a post, by hand in Facebook; one whose id is already there is left as it is. */
export function addPost(core: Core, input: ActionOutput<'addPost'>): string {
  const page = pageOf(core.world, input.pageId)
  if (input.id && core.world.posts.has(input.id)) return input.id
  const post = writePost(core.world, { ...input, author: pageAsPerson(page) })
  const { pageId, id, text } = post
  core.journal.write({ kind: 'public', what: 'post', via: 'facebook', pageId, id, text })
  core.webhooks.enqueue([postUpdate(core.world, post, 'add')])
  return post.id
}

/** Somebody with a role answers in Facebook itself: to the product an own comment it did not write. */
export function officerRepliesInApp(core: Core, input: ActionOutput<'officerRepliesInApp'>): string {
  const page = pageOf(core.world, input.pageId)
  const { parent, post } = placeOf(core, input.commentId)
  const reply = writeComment(core.world, { post, parent, author: pageAsPerson(page), text: input.text })
  publish(core, 'comment', reply, 'add', post)
  return reply.id
}

export function officerEditsInApp(core: Core, input: ActionOutput<'officerEditsInApp'>): void {
  const { parent: reply, post } = placeOf(core, input.commentId)
  reply.text = input.text
  reply.editedAt = core.world.now()
  publish(core, 'comment_edit', reply, 'edited', post)
}

/** A person deletes a comment as the Page, be it the product's answer or a resident's words. */
export function officerRemovesInApp(core: Core, input: ActionOutput<'officerRemovesInApp'>): void {
  const { parent: removed, post } = placeOf(core, input.commentId)
  removed.removed = true
  publish(core, 'comment_remove', removed, 'remove', post)
}

/** Somebody answers from the Page inbox: an echo with another app id. */
export function officerMessagesInApp(core: Core, input: ActionOutput<'officerMessagesInApp'>): string {
  pageOf(core.world, input.pageId)
  const thread = threadOf(core.world, input.pageId, { id: input.psid, name: '' })
  const {
    mid: id,
    pageId,
    psid,
    text,
    ...rest
  } = writeMessage(core.world, thread, { fromPage: true, text: input.text })
  core.journal.write({ kind: 'private', what: 'message', via: 'facebook', pageId, id, psid, text })
  core.webhooks.enqueue([messageUpdate(core.world, { mid: id, pageId, psid, text, ...rest }, pageInboxAppId)])
  return id
}

function publish(
  core: Core,
  what: PublicEntry['what'],
  item: Comment,
  verb: 'add' | 'edited' | 'remove',
  post: Post,
): void {
  const { pageId, id, postId, parentId } = item
  const text = verb === 'remove' ? '' : item.text
  core.journal.write({
    kind: 'public',
    what,
    via: 'facebook',
    pageId,
    id,
    postId,
    text,
    ...(parentId ? { parentId } : {}),
  })
  core.webhooks.enqueue([commentUpdate(core.world, post, item, verb)])
}

function placeOf(core: Core, commentId: string): { parent: Comment; post: Post } {
  const parent = liveComment(core.world, commentId)
  const post = parent && livePost(core.world, parent.postId)
  if (!parent || !post) throw new SimulatorError('unknown_comment', `there is no comment ${commentId} to act on`)
  return { parent, post }
}
