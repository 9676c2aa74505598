import type { Core } from '../core.ts'
import { sameText, secretProof } from '../wire.ts'
import { type Caller, type Edge, textParam } from './call.ts'
import { graphErrorBody, refuse } from './refusal.ts'

const scopes = [
  'pages_show_list',
  'pages_manage_metadata',
  'pages_read_engagement',
  'pages_read_user_content',
  'pages_manage_engagement',
  'pages_manage_posts',
  'pages_messaging',
]

/** Whose token this is; a missing, unknown or broken one is refused as Graph does. */
export function callerOf(core: Core, token: string, proof: string): Caller {
  if (token === '') throw refuse(104, undefined, 'An access token is required to request this resource.')
  const caller = findCaller(core, token)
  if (!caller) throw refuse(190)
  if (proof !== '' && !core.secrets.some((secret) => sameText(secretProof(secret, token), proof)))
    throw refuse(100, undefined, 'Invalid appsecret_proof provided in the API argument')
  if (caller.kind === 'page' && caller.page.tokenTrouble)
    throw refuse(190, caller.page.tokenTrouble.subcode, caller.page.tokenTrouble.message)
  return caller
}

/** GET /debug_token?input_token=…, asked with the app's token. */
export const debugTokenEdge: Edge = (core, call) => {
  if (call.method !== 'GET' || call.path !== '/debug_token') return null
  const caller = findCaller(core, textParam(call, 'input_token'))
  if (!caller || caller.kind === 'app') return { body: { data: { is_valid: false, scopes: [], error: brief(190) } } }
  const owner = caller.kind === 'page' ? caller.page : caller.user
  const trouble = caller.kind === 'page' ? caller.page.tokenTrouble : null
  const told = (caller.kind === 'page' ? caller.page.tokenFacts : undefined) ?? {}
  const granted = told.scopes ?? scopes
  const data = {
    app_id: told.appId ?? core.appId,
    type: caller.kind === 'page' ? 'PAGE' : (caller.user.kind ?? 'USER'),
    application: 'Dân hỏi',
    data_access_expires_at: told.dataAccessExpiresAt ?? 0,
    expires_at: told.expiresAt ?? 0,
    is_valid: trouble === null,
    issued_at: Math.floor(core.world.now() / 1000) - 86_400,
    ...(caller.kind === 'page' ? { profile_id: owner.id } : {}),
    scopes: granted,
    granular_scopes: told.granularScopes ?? granted.map((scope) => ({ scope })),
    user_id: '10220000000000001',
    ...(trouble ? { error: brief(190, trouble.subcode, trouble.message) } : {}),
  }
  return { body: { data } }
}

/** GET /me and /me/accounts. */
export const meEdge: Edge = (core, call) => {
  if (call.method !== 'GET' || call.caller.kind !== 'user') return null
  const { user } = call.caller
  if (call.path === '/me') return { body: { id: user.id, name: user.name } }
  if (call.path !== '/me/accounts') return null
  const data = user.pageIds.flatMap((id) => {
    const page = core.world.pages.get(id)
    if (!page) return []
    const tasks = ['MODERATE', 'MESSAGING', 'CREATE_CONTENT', 'MANAGE']
    return [{ access_token: page.token, category: 'Government organization', name: page.name, id: page.id, tasks }]
  })
  return { body: { data } }
}

function findCaller(core: Core, token: string): Caller | null {
  for (const page of core.world.pages.values()) if (page.token === token) return { kind: 'page', page }
  for (const user of core.world.users.values()) if (user.token === token) return { kind: 'user', user }
  return core.secrets.some((secret) => token === `${core.appId}|${secret}`) ? { kind: 'app' } : null
}

function brief(code: number, subcode?: number, message?: string): Record<string, unknown> {
  const { error } = graphErrorBody(code, subcode, message)
  return { code: error.code, message: error.message, ...(subcode === undefined ? {} : { subcode }) }
}
