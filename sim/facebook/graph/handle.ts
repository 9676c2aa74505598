import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { How } from '../../kit/faults.ts'
import type { Core } from '../core.ts'
import { toWireJson } from '../wire.ts'
import { type Edge, type GraphCall, type GraphResult, isRecord, objectParam, textParam } from './call.ts'
import { commentNodeEdge, commentsEdge } from './comments.ts'
import { conversationNodeEdge, conversationsEdge } from './conversations.ts'
import { messagesEdge } from './messages.ts'
import { pageNodeEdge, subscribedAppsEdge } from './pages.ts'
import { feedEdge, postNodeEdge } from './posts.ts'
import { GraphRefusal, gone, refuse } from './refusal.ts'
import { callerOf, debugTokenEdge, meEdge } from './tokens.ts'

const edges: readonly Edge[] = [
  debugTokenEdge,
  meEdge,
  subscribedAppsEdge,
  messagesEdge,
  conversationsEdge,
  feedEdge,
  commentsEdge,
  pageNodeEdge,
  postNodeEdge,
  commentNodeEdge,
  conversationNodeEdge,
]

type Outcome = { status: number; body: unknown; headers: Record<string, string>; result: GraphResult | null }

/** Answers one Graph request: plan of faults first, then the edge, then what the caller may learn of it. */
export async function handleGraph(
  core: Core,
  request: IncomingMessage,
  response: ServerResponse,
  rawBody: Buffer,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://graph.invalid')
  const version = /^\/(v\d+\.\d+)(?=\/|$)/u.exec(url.pathname)?.[1] ?? null
  const path = (version ? url.pathname.slice(version.length + 1) : url.pathname).replace(/\/+$/u, '') || '/'
  const method = request.method ?? 'GET'
  const params = {
    ...Object.fromEntries(url.searchParams),
    ...(await parseBody(request.headers['content-type'] ?? '', rawBody)),
  }
  const token = tokenOf(params, request.headers.authorization ?? '')
  const pageId = [...core.world.pages.values()].find((page) => page.token === token)?.id ?? null
  const fault = core.faults.next({ method, path, text: messageText(params), pageId })
  if (core.latencyMs > 0) await wait(core.latencyMs)
  if (fault && fault.delayMs > 0) await wait(fault.delayMs)

  const origin = originOf(request)
  const honest = fault && !fault.effect ? null : perform(core, { method, path, params, token, origin })
  const outcome = shape(honest, fault)
  const echoes = honest?.result?.echoes ?? []
  const echoFirst = core.webhooks.weather.ownEcho === 'before'
  if (echoFirst) await core.webhooks.sendNow(echoes)
  if (fault && fault.answerDelayMs > 0) await wait(fault.answerDelayMs)

  const closed = fault?.ends === 'reset' || fault?.ends === 'hang'
  const error = isRecord(outcome.body) && isRecord(outcome.body.error) ? outcome.body.error : null
  core.journal.write({
    kind: 'call',
    method,
    path,
    status: closed ? 0 : outcome.status,
    ...(typeof error?.code === 'number' && !closed ? { code: error.code } : {}),
    ...(typeof error?.error_subcode === 'number' && !closed ? { subcode: error.error_subcode } : {}),
    ...(fault ? { fault: fault.name ?? fault.ends } : {}),
    created: honest?.result?.created ?? [],
  })
  if (fault?.ends === 'reset') response.socket?.resetAndDestroy()
  else if (fault?.ends !== 'hang') await write(core, response, outcome, version)
  if (core.webhooks.weather.ownEcho === 'after') core.webhooks.enqueue(echoes)
}

function perform(
  core: Core,
  input: { method: string; path: string; params: Record<string, unknown>; token: string; origin: string },
): Outcome {
  try {
    const { method, path, params, token, origin } = input
    if (method !== 'GET' && method !== 'POST' && method !== 'DELETE')
      throw refuse(3, undefined, `Unsupported method ${method}`)
    const proof = typeof params.appsecret_proof === 'string' ? params.appsecret_proof : ''
    const caller = callerOf(core, token, proof)
    const segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent)
    // With a Page token, "me" is that Page.
    if (segments[0] === 'me' && caller.kind === 'page') segments[0] = caller.page.id
    const call: GraphCall = { method, path, segments, params, caller, token, origin }
    for (const edge of edges) {
      const result = edge(core, call)
      if (result) return { status: 200, body: result.body, headers: {}, result }
    }
    throw gone(method, segments[0] ?? '')
  } catch (error) {
    if (!(error instanceof GraphRefusal)) throw error
    const headers: Record<string, string> =
      error.body.error.code === 190
        ? { 'www-authenticate': `OAuth "Facebook Platform" "invalid_token" "Error validating access token"` }
        : {}
    return { status: error.http, body: error.body, headers, result: null }
  }
}

function tokenOf(params: Record<string, unknown>, authorization: string): string {
  const bearer = /^Bearer (.+)$/iu.exec(authorization)?.[1]?.trim() ?? ''
  return (typeof params.access_token === 'string' ? params.access_token : '') || bearer
}

function shape(honest: Outcome | null, fault: How | null): Outcome {
  if (honest && (!fault || fault.ends === 'honest'))
    return { ...honest, headers: { ...fault?.headers, ...honest.headers } }
  return {
    status: fault?.http ?? 200,
    body: fault?.body ?? '',
    headers: fault?.headers ?? {},
    result: honest?.result ?? null,
  }
}

function write(core: Core, response: ServerResponse, outcome: Outcome, version: string | null): Promise<void> {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=UTF-8',
    'facebook-api-version': version ?? 'v24.0',
    'x-fb-trace-id': 'ASimulatedTraceId000000',
    'x-fb-rev': '1000000000',
    'cache-control': 'private, no-cache, no-store, must-revalidate',
  }
  if (core.usage.app) headers['x-app-usage'] = JSON.stringify(core.usage.app)
  if (Object.keys(core.usage.pages).length > 0) headers['x-business-use-case-usage'] = JSON.stringify(core.usage.pages)
  for (const [name, value] of Object.entries(outcome.headers)) headers[name.toLowerCase()] = value
  const body = typeof outcome.body === 'string' ? outcome.body : toWireJson(outcome.body)
  return new Promise((resolve) => {
    response.on('close', resolve)
    response.writeHead(outcome.status, headers)
    response.end(body, () => resolve())
  })
}

function originOf(request: IncomingMessage): string {
  return `http://${request.headers.host ?? 'sim.invalid'}`
}

async function parseBody(contentType: string, bytes: Buffer): Promise<Record<string, unknown>> {
  if (bytes.length === 0) return {}
  if (contentType.includes('multipart/form-data')) return parseForm(contentType, bytes)
  const raw = bytes.toString('utf8')
  if (contentType.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(raw))
  try {
    const parsed: unknown = JSON.parse(raw)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** A file becomes its type and its bytes. */
async function parseForm(contentType: string, bytes: Buffer): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
  const params: Record<string, unknown> = {}
  for (const [name, value] of form) {
    params[name] =
      typeof value === 'string'
        ? value
        : { type: value.type, base64: Buffer.from(await value.arrayBuffer()).toString('base64') }
  }
  return params
}

function messageText(params: Record<string, unknown>): string {
  const call = { params } as const
  if (typeof params.message === 'string' && !params.message.startsWith('{')) return params.message
  const message = objectParam(call, 'message')
  return typeof message.text === 'string' ? message.text : textParam(call, 'caption')
}
