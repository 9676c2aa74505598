import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { How } from '../../kit/faults.ts'
import type { Core } from '../core.ts'
import { Refusal, type Result, refuse } from './answer.ts'
import { conversation } from './conversation.ts'
import { sendCs } from './send-cs.ts'
import { callerOf, exchange } from './tokens.ts'
import { uploadImage } from './upload.ts'

type Call = {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer<ArrayBuffer>
}
type Route = { host: string; run: (core: Core, call: Call) => Result | Promise<Result> }

const openapi = 'openapi.zalo.me'
const asOa = (core: Core, { headers }: Call): string => callerOf(core, String(headers.access_token ?? ''))

const routes: Record<string, Route> = {
  'POST /v3.0/oa/message/cs': {
    host: openapi,
    run: (core, call) => sendCs(core, asOa(core, call), parsed(call.body)),
  },
  'POST /v2.0/oa/upload/image': {
    host: openapi,
    run: (core, call) => uploadImage(core, asOa(core, call), call.headers['content-type'] ?? '', call.body),
  },
  'GET /v2.0/oa/conversation': {
    host: openapi,
    run: (core, call) => conversation(core, asOa(core, call), call.query.get('data')),
  },
  'POST /v4/oa/access_token': {
    host: 'oauth.zaloapp.com',
    run: (core, { headers, body }) =>
      exchange(core, new URLSearchParams(body.toString('utf8')), String(headers.secret_key ?? '')),
  },
}

/** Answers one call: plan of faults first, then the deed, then what the caller may learn of it. */
export async function handleCall(
  core: Core,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer<ArrayBuffer>,
): Promise<void> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://zalo.invalid')
  const { headers, method = 'GET' } = request
  const fault = core.faults.next({ path, text: textIn(body) })
  if (core.latencyMs > 0) await wait(core.latencyMs)
  if (fault && fault.delayMs > 0) await wait(fault.delayMs)
  const honest = fault?.effect === false ? null : await perform(core, { method, path, query, headers, body })
  const echoFirst = core.webhooks.weather.ownEcho === 'before'
  if (echoFirst) honest?.echo?.()
  if (fault && fault.answerDelayMs > 0) await wait(fault.answerDelayMs)
  const answer = shape(honest, fault)
  const isCut = fault?.ends === 'reset' || fault?.ends === 'hang'
  core.journal.write({
    kind: 'call',
    method,
    path,
    status: isCut ? 0 : answer.http,
    code: isCut ? null : codeIn(answer.body),
    ...(fault ? { fault: fault.name ?? fault.ends } : {}),
    created: honest?.created ?? [],
  })
  if (fault?.ends === 'reset') response.socket?.resetAndDestroy()
  else if (fault?.ends !== 'hang') await write(response, answer)
  if (!echoFirst) honest?.echo?.()
}

async function perform(core: Core, call: Call): Promise<Result> {
  const route = routes[`${call.method} ${call.path}`]
  // One server stands for two hosts of Zalo's: a call to the wrong one of them would not be answered there.
  if (route === undefined || call.headers['x-sim-host'] !== route.host) return { body: refuse(-209).body }
  try {
    return await route.run(core, call)
  } catch (error) {
    if (error instanceof Refusal) return { body: error.body }
    throw error
  }
}

type Answer = { http: number; body: unknown; headers: Record<string, string> }

function shape(honest: Result | null, fault: How | null): Answer {
  if (honest && (!fault || fault.ends === 'honest')) return { http: 200, body: honest.body, headers: {} }
  return { http: fault?.http ?? 200, body: fault?.body ?? '', headers: fault?.headers ?? {} }
}

function write(response: ServerResponse, { http, body, headers }: Answer): Promise<void> {
  return new Promise((resolve) => {
    response.on('close', resolve)
    response.writeHead(http, { 'content-type': 'application/json;charset=utf-8', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body), () => resolve())
  })
}

function codeIn(body: unknown): number | null {
  if (typeof body !== 'object' || body === null) return null
  if ('error' in body && typeof body.error === 'number') return body.error
  return 'access_token' in body ? 0 : null
}

/** The words of a message, so that a fault can be planned for one of them. */
function textIn(body: Buffer): string {
  const json = parsed(body)
  if (typeof json !== 'object' || json === null || !('message' in json)) return ''
  const { message } = json
  const hasText = typeof message === 'object' && message !== null && 'text' in message
  return hasText && typeof message.text === 'string' ? message.text : ''
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
