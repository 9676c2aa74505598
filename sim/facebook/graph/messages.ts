import type { Core } from '../core.ts'
import { messageUpdate } from '../payloads.ts'
import { liveComment, livePost, type Page, type Thread } from '../world.ts'
import { isByPage, psidOfAuthor, threadKey, threadOf, writeMessage } from '../writing.ts'
import { type Edge, type GraphCall, type GraphResult, isRecord, objectParam, textParam } from './call.ts'
import { writingPage } from './comments.ts'
import { refuse } from './refusal.ts'

const dayMs = 86_400_000
const maxTextChars = 2000
const maxMetadataChars = 1000
const deadTags = ['CONFIRMED_EVENT_UPDATE', 'ACCOUNT_UPDATE', 'POST_PURCHASE_UPDATE']

/** POST /{page}/messages: a Messenger text inside the window, or the one private reply to a comment or a visitor's post. */
export const messagesEdge: Edge = (core, call) => {
  const [id, edge, ...rest] = call.segments
  if (call.method !== 'POST' || edge !== 'messages' || rest.length > 0 || !id) return null
  if (!core.world.pages.has(id)) return null
  const page = writingPage(call, id, id)
  const { text, attachments, metadata } = messageIn(call)
  const recipient = objectParam(call, 'recipient')
  if (typeof recipient.comment_id === 'string')
    return privateReply(core, page, recipient.comment_id, { text, attachments, metadata })
  if (typeof recipient.post_id === 'string')
    return privateReplyToPost(core, page, recipient.post_id, { text, attachments, metadata })
  const thread = typeof recipient.id === 'string' ? core.world.threads.get(threadKey(id, recipient.id)) : undefined
  if (!thread) throw refuse(100, 2018001, '(#100) No matching user found')
  checkWindow(core, call, thread)
  return sent(core, thread, { text, attachments, metadata })
}

type Content = { text: string; attachments: { type: string; url: string }[]; metadata: string | null }

function messageIn(call: GraphCall): Content {
  const message = objectParam(call, 'message')
  const text = typeof message.text === 'string' ? message.text : ''
  const metadata = typeof message.metadata === 'string' ? message.metadata : null
  const attachment = isRecord(message.attachment) ? message.attachment : null
  const payload = attachment && isRecord(attachment.payload) ? attachment.payload : {}
  const attachments = attachment ? [{ type: String(attachment.type), url: String(payload.url ?? '') }] : []
  if (text === '' && attachments.length === 0) throw refuse(100, undefined, '(#100) Message cannot be empty')
  if (text.length > maxTextChars)
    throw refuse(100, undefined, `(#100) Length of param message[text] must be less than or equal to ${maxTextChars}`)
  if (metadata && metadata.length > maxMetadataChars)
    throw refuse(
      100,
      undefined,
      `(#100) Length of param message[metadata] must be less than or equal to ${maxMetadataChars}`,
    )
  return { text, attachments, metadata }
}

function checkWindow(core: Core, call: GraphCall, thread: Thread): void {
  const kind = textParam(call, 'messaging_type') || 'RESPONSE'
  const tag = textParam(call, 'tag')
  if (deadTags.includes(tag)) throw refuse(100, undefined, `(#100) The message tag ${tag} is no longer supported`)
  if (tag === 'HUMAN_AGENT' && !core.humanAgent)
    throw refuse(
      10,
      undefined,
      "(#10) To use 'HUMAN_AGENT', your use of this feature must be reviewed and approved by Facebook",
    )
  const windowMs = kind === 'MESSAGE_TAG' && tag === 'HUMAN_AGENT' ? 7 * dayMs : dayMs
  const last = thread.lastFromPersonAt
  if (last === null || core.world.now() - last > windowMs) throw refuse(10, 2018278)
}

function privateReply(core: Core, page: Page, commentId: string, content: Content): GraphResult {
  const comment = liveComment(core.world, commentId)
  if (!comment || comment.pageId !== page.id) throw refuse(100, 2018292, '(#100) Invalid comment_id parameter')
  if (isByPage(core.world, comment) || core.world.pages.has(comment.author.id)) throw refuse(10902)
  if (comment.privateReplyMid !== null) throw refuse(10900)
  if (core.world.now() - comment.createdAt > 7 * dayMs) throw refuse(10902)
  const psid = psidOfAuthor(core.world, page.id, comment.author.id)
  const thread = threadOf(core.world, page.id, { id: psid, name: comment.author.name })
  const result = sent(core, thread, content, commentId)
  comment.privateReplyMid = result.created?.[0] ?? ''
  return result
}

function privateReplyToPost(core: Core, page: Page, postId: string, content: Content): GraphResult {
  const post = livePost(core.world, postId)
  if (!post || post.pageId !== page.id) throw refuse(100, 2018292, '(#100) Invalid post_id parameter')
  if (core.world.pages.has(post.author.id)) throw refuse(10902)
  if (post.privateReplyMid !== undefined) throw refuse(10900)
  if (core.world.now() - post.createdAt > 7 * dayMs) throw refuse(10902)
  const psid = psidOfAuthor(core.world, page.id, post.author.id)
  const thread = threadOf(core.world, page.id, { id: psid, name: post.author.name })
  const result = sent(core, thread, content, postId)
  post.privateReplyMid = result.created?.[0] ?? ''
  return result
}

function sent(core: Core, thread: Thread, content: Content, repliedId?: string): GraphResult {
  const message = writeMessage(core.world, thread, { fromPage: true, ...content })
  core.journal.write({
    kind: 'private',
    what: repliedId ? 'private_reply' : 'message',
    via: 'graph',
    pageId: message.pageId,
    id: message.mid,
    psid: message.psid,
    text: message.text,
    ...(message.metadata === null ? {} : { metadata: message.metadata }),
    ...(repliedId ? { commentId: repliedId } : {}),
  })
  return {
    body: { recipient_id: message.psid, message_id: message.mid },
    created: [message.mid],
    echoes: [messageUpdate(core.world, message, core.appId)],
  }
}
