import type { Core } from '../core.ts'
import { postUpdate } from '../payloads.ts'
import { livePost, type Post } from '../world.ts'
import { isByPage, pageAsPerson, writePost } from '../writing.ts'
import { type Edge, type GraphCall, type GraphResult, textParam } from './call.ts'
import { writingPage } from './comments.ts'
import { postNode } from './nodes.ts'
import { paginate } from './paging.ts'
import { attachedPhoto, photoAddress, unpublished, uploadedPhoto } from './photos.ts'
import { gone, refuse } from './refusal.ts'

/** GET and POST /{page}/feed, GET /{page}/posts, POST /{page}/photos. */
export const feedEdge: Edge = (core, call) => {
  const [id, edge, ...rest] = call.segments
  if (!id || !edge || rest.length > 0 || !core.world.pages.has(id)) return null
  if (call.method === 'GET' && (edge === 'feed' || edge === 'posts' || edge === 'published_posts'))
    return listPosts(core, call, id, edge !== 'feed')
  if (call.method === 'POST' && edge === 'feed') return publishPost(core, call, id, 'text')
  if (call.method === 'POST' && edge === 'photos') return publishPost(core, call, id, 'photo')
  return null
}

/** GET, POST and DELETE /{post}. */
export const postNodeEdge: Edge = (core, call) => {
  const [id, ...rest] = call.segments
  if (!id || rest.length > 0 || !core.world.posts.has(id)) return null
  const post = livePost(core.world, id)
  if (!post) throw gone(call.method, id)
  if (call.method === 'GET') {
    if (call.caller.kind !== 'page' || call.caller.page.id !== post.pageId) throw gone(call.method, id)
    return { body: postNode(post, textParam(call, 'fields')) }
  }
  writingPage(call, post.pageId, id)
  return call.method === 'DELETE' ? removePost(core, post) : editPost(core, call, post)
}

function listPosts(core: Core, call: GraphCall, pageId: string, ownOnly: boolean): GraphResult {
  if (call.caller.kind !== 'page' || call.caller.page.id !== pageId) return { body: { data: [] } }
  const posts = (core.world.walls.get(pageId) ?? [])
    .map((id, index) => ({ seq: index + 1, post: livePost(core.world, id) }))
    .filter(({ post }) => post && (!ownOnly || isByPage(core.world, post)))
  // A feed is newest first whatever one asks for.
  const newestFirst: GraphCall = { ...call, params: { ...call.params, order: 'reverse_chronological' } }
  const { items, paging } = paginate(newestFirst, posts, `https://graph.facebook.com${call.path}`)
  const data = items.flatMap(({ post }) => (post ? [postNode(post, textParam(call, 'fields'))] : []))
  return { body: { data, ...(paging ? { paging } : {}) } }
}

function publishPost(core: Core, call: GraphCall, pageId: string, kind: Post['kind']): GraphResult {
  const page = writingPage(call, pageId, pageId)
  const text = textParam(call, kind === 'photo' ? 'caption' : 'message')
  const uploaded = kind === 'photo' ? uploadedPhoto(core, call, pageId) : null
  if (uploaded !== null && textParam(call, 'published') === 'false') return unpublished(uploaded)
  const attached = kind === 'text' ? attachedPhoto(core, call, pageId) : null
  const own = uploaded === null ? attached : photoAddress(core, call, pageId, uploaded)
  const photoUrl = own ?? (textParam(call, 'url') || null)
  if (kind === 'photo' && !photoUrl) throw refuse(324, undefined, '(#324) Requires upload file')
  if (kind === 'text' && text.trim() === '' && textParam(call, 'link') === '' && attached === null)
    throw refuse(100, undefined, '(#100) You must provide a message or a link')
  const shape = attached === null ? kind : 'photo'
  const post = writePost(core.world, { pageId, author: pageAsPerson(page), text, kind: shape, photoUrl })
  core.journal.write({ kind: 'public', what: 'post', via: 'graph', pageId, id: post.id, text })
  const body = kind === 'photo' ? { id: post.photoId, post_id: post.id } : { id: post.id }
  return { body, created: [post.id], echoes: [postUpdate(core.world, post, 'add')] }
}

function editPost(core: Core, call: GraphCall, post: Post): GraphResult {
  if (!isByPage(core.world, post)) throw refuse(200, undefined, '(#200) Only the author can edit a post')
  if (!('message' in call.params)) return { body: { success: true } }
  post.text = textParam(call, 'message')
  post.updatedAt = core.world.now()
  const { pageId, id, text } = post
  core.journal.write({ kind: 'public', what: 'post_edit', via: 'graph', pageId, id, text })
  return { body: { success: true }, echoes: [postUpdate(core.world, post, 'edited')] }
}

function removePost(core: Core, post: Post): GraphResult {
  post.removed = true
  core.journal.write({ kind: 'public', what: 'post_remove', via: 'graph', pageId: post.pageId, id: post.id, text: '' })
  return { body: { success: true }, echoes: [postUpdate(core.world, post, 'remove')] }
}
