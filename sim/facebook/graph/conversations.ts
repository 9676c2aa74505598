import type { Core } from '../core.ts'
import { graphTime } from '../wire.ts'
import type { Thread } from '../world.ts'
import { threadKey } from '../writing.ts'
import { type Edge, type GraphResult, textParam } from './call.ts'
import { type Fields, parseFields, pick } from './fields.ts'
import { messageNode } from './nodes.ts'
import { gone, refuse } from './refusal.ts'

/** GET /{page}/conversations?user_id=…: how the product finds its own text again after an unknown outcome. */
export const conversationsEdge: Edge = (core, call) => {
  const [id, edge, ...rest] = call.segments
  if (call.method !== 'GET' || edge !== 'conversations' || rest.length > 0 || !id || !core.world.pages.has(id))
    return null
  if (call.caller.kind !== 'page' || call.caller.page.id !== id) return { body: { data: [] } }
  const fields = parseFields(textParam(call, 'fields') || 'id,link,updated_time')
  const psid = textParam(call, 'user_id')
  const threads = [...core.world.threads.values()].filter(
    (thread) => thread.pageId === id && (psid === '' || thread.person.id === psid),
  )
  // As on Facebook, whoever was written with last stands first.
  const latestFirst = threads
    .map((thread) => ({ thread, at: core.world.messages.get(thread.mids.at(-1) ?? '')?.createdAt ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .slice(0, Number(textParam(call, 'limit')) || 25)
  return { body: { data: latestFirst.map(({ thread }) => threadNode(core, thread, fields)) } }
}

/** GET /{thread}/messages, /{mid} and the profile /{psid}. */
export const conversationNodeEdge: Edge = (core, call) => {
  const [id, edge, ...rest] = call.segments
  if (call.method !== 'GET' || !id || rest.length > 0) return null
  const pageId = call.caller.kind === 'page' ? call.caller.page.id : null
  if (id.startsWith('t_')) {
    const thread = pageId ? core.world.threads.get(threadKey(pageId, id.slice(2))) : undefined
    if (!thread) throw gone(call.method, id)
    const fields = parseFields(textParam(call, 'fields') || 'id,created_time')
    if (edge === 'messages') return { body: messagesOf(core, thread, fields, Number(textParam(call, 'limit')) || 25) }
    return edge ? null : { body: threadNode(core, thread, fields) }
  }
  if (edge) return null
  const message = core.world.messages.get(id)
  if (message) {
    if (message.pageId !== pageId || message.removed) throw gone(call.method, id)
    return { body: messageNode(core.world, message, parseFields(textParam(call, 'fields') || 'id,created_time')) }
  }
  return pageId ? profile(core, pageId, id, textParam(call, 'fields')) : null
}

function profile(core: Core, pageId: string, psid: string, wanted: string): GraphResult | null {
  const thread = core.world.threads.get(threadKey(pageId, psid))
  if (!thread) return null
  // Only after the person has written; a private reply alone opens no profile.
  if (thread.lastFromPersonAt === null) throw refuse(100, 2018218, '(#100) No profile available for this user.')
  const words = thread.person.name.trim().split(/\s+/u)
  const node = {
    id: psid,
    name: thread.person.name,
    first_name: words.at(-1) ?? '',
    last_name: words.slice(0, -1).join(' '),
    profile_pic: `https://platform-lookaside.fbsbx.com/platform/profilepic/?psid=${psid}&oe=6a574893`,
  }
  return { body: pick(node, parseFields(wanted || 'first_name,last_name,profile_pic,id')) }
}

function threadNode(core: Core, thread: Thread, fields: Fields): Record<string, unknown> {
  const last = core.world.messages.get(thread.mids.at(-1) ?? '')
  const wanted = fields.get('messages')
  const inner = wanted?.inner ?? parseFields('id,created_time')
  const node = pick(
    {
      id: thread.id,
      link: `/${thread.pageId}/inbox/${thread.person.id}/`,
      updated_time: graphTime(last?.createdAt ?? core.world.now()),
      message_count: thread.mids.length,
      participants: {
        data: [thread.person, { id: thread.pageId, name: core.world.pages.get(thread.pageId)?.name ?? '' }],
      },
    },
    fields,
  )
  if (wanted) node.messages = messagesOf(core, thread, inner, Number(wanted.args.limit) || 25)
  return node
}

function messagesOf(core: Core, thread: Thread, fields: Fields, limit: number): Record<string, unknown> {
  const newestFirst = [...thread.mids].reverse().flatMap((mid) => core.world.messages.get(mid) ?? [])
  const shown = newestFirst.filter((message) => !message.removed).slice(0, limit)
  return { data: shown.map((message) => messageNode(core.world, message, fields)) }
}
