import type { IncomingMessage, ServerResponse } from 'node:http'
import type { How } from '../kit/faults.ts'
import type { Core } from './core.ts'
import { type Done, methods } from './methods.ts'
import { ApiRefusal, refusalBody } from './refusal.ts'

type Answer = { status: number; body: object | string; headers: Record<string, string> }

/** `/bot<token>/<method>`, with its parameters as JSON or in the address. */
export async function handleBotApi(
  core: Core,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const url = new URL(request.url ?? '/', 'http://sim.invalid')
  const [, token = '', method = ''] = /^\/bot([^/]*)\/([^/]*)$/.exec(decodeURIComponent(url.pathname)) ?? []
  const bot = [...core.world.bots.values()].find((known) => known.token === token) ?? null
  const params = body === '' ? Object.fromEntries(url.searchParams) : parsed(body)
  const fault = core.faults.nextCall({ bot: bot?.id ?? null, method, text: textOf(params) })
  if (fault !== null && fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))

  const run = async (): Promise<Done> => {
    const doIt = Object.hasOwn(methods, method) ? methods[method] : undefined
    if (bot === null) throw new ApiRefusal(401)
    if (doIt === undefined) throw new ApiRefusal(404)
    if (params === undefined) throw new ApiRefusal(400, 'Bad request: expected JSON')
    return doIt(core, { bot, params, gone: gone.signal })
  }
  const { done, answer: honest } = fault?.effect === false ? { done: null, answer: ok({}) } : await outcome(run)
  if (fault !== null && fault.answerDelayMs > 0)
    await new Promise((resolve) => setTimeout(resolve, fault.answerDelayMs))

  const answer = shaped(honest, fault)
  const arrived = answer !== null && !gone.signal.aborted
  if (done?.handed && bot) core.journal.write({ kind: 'handed', bot: bot.id, about: done.handed.about, arrived })
  core.journal.write({
    kind: 'call',
    bot: bot?.id ?? null,
    method,
    status: arrived ? answer.status : 0,
    ...(arrived ? verdictOf(answer.body) : { ok: null, code: null }),
    fault: fault?.name ?? null,
    created: done?.created ? [done.created] : [],
  })
  if (fault?.ends === 'reset') request.socket.destroy()
  else if (answer !== null) write(response, answer)
}

async function outcome(run: () => Promise<Done>): Promise<{ done: Done | null; answer: Answer }> {
  try {
    const done = await run()
    return { done, answer: ok(done.body) }
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    // Errors come with HTTP 200: `ok` is what counts.
    return { done: null, answer: ok(refusalBody(error.code, error.message)) }
  }
}

/** What the caller gets to see; null: nothing. */
function shaped(honest: Answer, fault: How | null): Answer | null {
  if (fault === null || fault.ends === 'honest') return honest
  if (fault.ends !== 'answer') return null
  const body = typeof fault.body === 'object' && fault.body !== null ? fault.body : String(fault.body ?? '')
  return { status: fault.http, body, headers: fault.headers }
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(text)
}

function verdictOf(body: object | string): { ok: boolean | null; code: number | null } {
  const read = typeof body === 'string' ? parsed(body) : body
  if (typeof read !== 'object' || read === null) return { ok: null, code: null }
  const is = 'ok' in read && typeof read.ok === 'boolean' ? read.ok : null
  return { ok: is, code: 'error_code' in read && typeof read.error_code === 'number' ? read.error_code : null }
}

function textOf(params: unknown): string {
  if (typeof params !== 'object' || params === null) return ''
  if ('text' in params) return String(params.text)
  return 'caption' in params ? String(params.caption) : ''
}

function ok(body: object | string): Answer {
  return { status: 200, body, headers: {} }
}

/** Undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
