import type { Core } from '../core.ts'
import type { PublicEntry } from '../journal.ts'
import { type CommentVerb, commentUpdate } from '../payloads.ts'
import { type Comment, liveComment, livePost, type Page, type Post } from '../world.ts'
import { isByPage, pageAsPerson, writeComment } from '../writing.ts'
import { type Edge, type GraphCall, type GraphResult, textParam } from './call.ts'
import { commentNode } from './nodes.ts'
import { paginate } from './paging.ts'
import { photoAddress } from './photos.ts'
import { gone, refuse } from './refusal.ts'

const maxCommentChars = 8000

/** GET and POST /{comment or post}/comments. */
export const commentsEdge: Edge = (core, call) => {
  const [id, edge, ...rest] = call.segments
  if (!id || edge !== 'comments' || rest.length > 0 || core.world.pages.has(id)) return null
  if (call.method === 'GET') return listComments(core, call, id)
  if (call.method === 'POST') return replyTo(core, call, id)
  return null
}

/** GET, POST and DELETE /{comment}. */
export const commentNodeEdge: Edge = (core, call) => {
  const [id, ...rest] = call.segments
  if (!id || rest.length > 0 || !core.world.comments.has(id)) return null
  const comment = liveComment(core.world, id)
  if (!comment || !sees(call, comment.pageId)) throw gone(call.method, id)
  if (call.method === 'GET') return { body: commentNode(core.world, comment, textParam(call, 'fields')) }
  const post = livePost(core.world, comment.postId)
  if (!post) throw gone(call.method, id)
  if (call.method === 'DELETE') return removed(core, call, comment, post)
  return changed(core, call, comment, post)
}

/** The Page behind a write; a user's token is refused, another Page's sees nothing. */
export function writingPage(call: GraphCall, pageId: string, id: string): Page {
  if (call.caller.kind !== 'page') throw refuse(190, 2069032)
  if (call.caller.page.id !== pageId) throw gone(call.method, id)
  return call.caller.page
}

function listComments(core: Core, call: GraphCall, id: string): GraphResult {
  const { world } = core
  const root = liveComment(world, id)
  const post = root ? null : livePost(world, id)
  if (!root && !post) throw gone(call.method, id)
  const pageId = root?.pageId ?? post?.pageId ?? ''
  // A token that is not the Page's own reads an empty list, without any error: easily taken for "nothing was posted".
  if (call.caller.kind !== 'page' || call.caller.page.id !== pageId) return { body: { data: [] } }
  const filter = textParam(call, 'filter') || 'toplevel'
  const ids = root ? root.replyIds : (post?.commentIds ?? [])
  const visible = ids.flatMap((commentId) => liveComment(world, commentId) ?? [])
  const wanted = root || filter === 'stream' ? visible : visible.filter((comment) => comment.parentId === null)
  const since = Number(textParam(call, 'since')) * 1000
  const recent = since > 0 ? wanted.filter((comment) => comment.createdAt >= since) : wanted
  const { items, paging } = paginate(call, recent, `https://graph.facebook.com${call.path}`)
  const data = items.map((comment) => commentNode(world, comment, textParam(call, 'fields')))
  const summary = textParam(call, 'summary') ? { summary: { order: 'chronological', total_count: wanted.length } } : {}
  return { body: { data, ...(paging ? { paging } : {}), ...summary } }
}

function replyTo(core: Core, call: GraphCall, id: string): GraphResult {
  const { world } = core
  const parent = liveComment(world, id)
  const post = livePost(world, parent?.postId ?? id)
  if (!post) throw gone(call.method, id)
  const page = writingPage(call, post.pageId, id)
  const text = textParam(call, 'message')
  const photoId = textParam(call, 'attachment_id')
  const photoUrl =
    photoId === '' ? textParam(call, 'attachment_url') || null : photoAddress(core, call, post.pageId, photoId)
  if (text.trim() === '' && !photoUrl) throw refuse(100, undefined, '(#100) param message must be non-empty.')
  if (text.length > maxCommentChars) throw refuse(100, undefined, '(#100) The comment is too long.')
  const reply = writeComment(world, { post, parent, author: pageAsPerson(page), text, photoUrl })
  return published(core, { id: reply.id }, 'comment', reply, post, 'add')
}

function changed(core: Core, call: GraphCall, comment: Comment, post: Post): GraphResult {
  writingPage(call, comment.pageId, comment.id)
  const success = { success: true }
  if ('is_hidden' in call.params) {
    if (isByPage(core.world, comment)) throw refuse(200, undefined, '(#200) A Page cannot hide its own comment')
    comment.hidden = textParam(call, 'is_hidden') === 'true'
    const verb = comment.hidden ? 'hide' : 'unhide'
    return published(core, success, `comment_${verb}`, comment, post, verb)
  }
  if (!('message' in call.params)) return { body: success } // an unknown parameter succeeds and does nothing
  if (!isByPage(core.world, comment)) throw refuse(200, undefined, '(#200) Only the author can edit a comment')
  const text = textParam(call, 'message')
  if (text.trim() === '') throw refuse(100, undefined, '(#100) param message must be non-empty.')
  comment.text = text
  comment.editedAt = core.world.now()
  return published(core, success, 'comment_edit', comment, post, 'edited')
}

function removed(core: Core, call: GraphCall, comment: Comment, post: Post): GraphResult {
  writingPage(call, comment.pageId, comment.id)
  comment.removed = true
  return published(core, { success: true }, 'comment_remove', comment, post, 'remove')
}

function published(
  core: Core,
  body: unknown,
  what: PublicEntry['what'],
  comment: Comment,
  post: Post,
  verb: CommentVerb,
): GraphResult {
  const { pageId, id, postId, parentId } = comment
  const text = verb === 'remove' ? '' : comment.text
  core.journal.write({
    kind: 'public',
    what,
    via: 'graph',
    pageId,
    id,
    postId,
    text,
    ...(parentId ? { parentId } : {}),
  })
  const created = verb === 'add' ? [id] : []
  return { body, created, echoes: [commentUpdate(core.world, post, comment, verb)] }
}

function sees(call: GraphCall, pageId: string): boolean {
  return call.caller.kind === 'page' && call.caller.page.id === pageId
}
