import { createReadStream, existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename, extname, join } from 'node:path'
import { ZodError } from 'zod'
import { sendJson } from '../http/envelope.ts'
import { SimError } from '../world/types.ts'
import { actions, type Stage } from './actions.ts'
import { follow } from './follow.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}
const pages = new Map([
  ['phone', 'phone.html'],
  ['qr', 'qr.html'],
])

/** Serves everything under /_sim/: pages, the log, and the actions. */
export function serveControl(stage: Stage, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const url = new URL(request.url ?? '/', 'http://sim')
  const [, , name = '', file = ''] = url.pathname.split('/')
  if (request.method === 'POST') {
    runAction(stage, name, request, response, body)
    return
  }
  const page = pages.get(name)
  if (page) {
    sendFile(response, page)
    return
  }
  if (name === 'page') {
    sendFile(response, basename(file))
    return
  }
  if (name === 'media') {
    sendMedia(stage, file, response)
    return
  }
  if (name === 'events') {
    follow(stage.world, url.searchParams, request, response)
    return
  }
  if (name === 'log') {
    sendJson(response, JSON.stringify(logPart(stage, url.searchParams)))
    return
  }
  if (readable.has(name)) {
    attempt(stage, name, Object.fromEntries(url.searchParams), response)
    return
  }
  sendJson(response, JSON.stringify({ error: `there is no ${url.pathname}` }), 404)
}

const readable = new Set(['chats', 'conversation', 'people', 'accounts', 'groups', 'connections', 'qrPending'])

function runAction(stage: Stage, name: string, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  // A page of another site cannot send JSON without being asked first, so it cannot act here.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    sendJson(response, JSON.stringify({ error: 'expected content-type application/json' }), 415)
    return
  }
  try {
    const input: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'))
    attempt(stage, name, input, response)
  } catch {
    sendJson(response, JSON.stringify({ error: 'expected a JSON body' }), 400)
  }
}

function attempt(stage: Stage, name: string, input: unknown, response: ServerResponse): void {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) {
    sendJson(response, JSON.stringify({ error: `there is no action "${name}"` }), 404)
    return
  }
  try {
    sendJson(response, JSON.stringify(action(stage, input) ?? { ok: true }))
  } catch (error) {
    if (!(error instanceof SimError || error instanceof ZodError)) throw error
    sendJson(response, JSON.stringify({ error: error.message }), 400)
  }
}

function logPart({ world }: Stage, query: URLSearchParams): unknown {
  const since = Number(query.get('since') ?? 0)
  const what = query.get('what')
  return world.log.slice(since).filter((entry) => what === null || entry.what === what)
}

function sendFile(response: ServerResponse, name: string): void {
  const path = join(import.meta.dirname, '..', 'page', name)
  const type = types[extname(name)]
  if (!type || !existsSync(path)) {
    sendJson(response, JSON.stringify({ error: 'no such page' }), 404)
    return
  }
  response.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'self'; img-src 'self' data:",
  })
  createReadStream(path).pipe(response)
}

function sendMedia({ world }: Stage, id: string, response: ServerResponse): void {
  const media = world.data.media.get(id)
  if (!media) {
    sendJson(response, JSON.stringify({ error: 'no such file' }), 404)
    return
  }
  response.writeHead(200, { 'content-type': media.type, 'x-content-type-options': 'nosniff' })
  response.end(Buffer.from(media.base64, 'base64'))
}
