import { type Edge, textParam } from './call.ts'
import { parseFields, pick } from './fields.ts'
import { gone, refuse } from './refusal.ts'

/** Every field a Page can be subscribed to here. */
export const allFields = [
  'feed',
  'messages',
  'messaging_postbacks',
  'message_echoes',
  'message_edits',
  'standby',
  'messaging_handovers',
  'messaging_referrals',
  'messaging_policy_enforcement',
  'message_deliveries',
  'message_reads',
  'message_reactions',
]

/** GET, POST and DELETE /{page}/subscribed_apps. */
export const subscribedAppsEdge: Edge = (core, call) => {
  const [id, edge, ...rest] = call.segments
  if (edge !== 'subscribed_apps' || rest.length > 0 || !id || !core.world.pages.has(id)) return null
  if (call.caller.kind !== 'page') throw refuse(210)
  const { page } = call.caller
  if (page.id !== id) throw gone(call.method, id)
  if (call.method === 'GET') {
    const app = {
      id: core.appId,
      name: 'Dân hỏi',
      link: 'https://example.vn/',
      subscribed_fields: [...page.subscribedFields],
    }
    return { body: { data: page.subscribedFields.length > 0 ? [app] : [] } }
  }
  if (call.method === 'DELETE') page.subscribedFields = []
  if (call.method === 'POST') {
    const wanted = listParam(call.params.subscribed_fields)
    const unknown = wanted.find((field) => !allFields.includes(field))
    if (wanted.length === 0 || unknown !== undefined)
      throw refuse(
        100,
        undefined,
        `(#100) Param subscribed_fields must be a list of known fields - got "${unknown ?? ''}"`,
      )
    page.subscribedFields = wanted
  }
  return { body: { success: true } }
}

/** GET /{page}, and /me with a Page token. */
export const pageNodeEdge: Edge = (core, call) => {
  const [id, ...rest] = call.segments
  const page = id ? core.world.pages.get(id) : undefined
  if (call.method !== 'GET' || rest.length > 0 || !page) return null
  const { caller } = call
  const manages =
    (caller.kind === 'page' && caller.page.id === page.id) ||
    (caller.kind === 'user' && caller.user.pageIds.includes(page.id))
  const node = {
    id: page.id,
    name: page.name,
    category: 'Government organization',
    link: `https://www.facebook.com/${page.id}`,
    is_published: true,
    fan_count: 1234,
    access_token: manages ? page.token : undefined,
  }
  return { body: pick(node, parseFields(textParam(call, 'fields') || 'id,name')) }
}

function listParam(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  if (typeof value !== 'string' || value === '') return []
  if (value.startsWith('[')) {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed.map(String) : []
  }
  return value.split(',').map((field) => field.trim())
}
