import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CallFault, strike } from '../world/faults.ts'
import type { Session } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { boardRoutes } from './board.ts'
import { openParams, plainAnswer, Refusal, sealedAnswer, sendJson } from './envelope.ts'
import { groupRoutes } from './groups.ts'
import { messageRoutes } from './messages.ts'
import { profileRoutes } from './profiles.ts'
import { serviceOfHost } from './services.ts'
import { sessionOf } from './session.ts'
import { uploadRoutes } from './uploads.ts'

/** One decrypted call of a logged-in account. */
export interface Call {
  account: string
  path: string
  params: Record<string, unknown>
  body: Buffer
  contentType: string
  /** Runs once the answer has left. */
  afterwards(act: () => void): void
}

/** What a route answers is sealed; a Refusal becomes an error code. */
export type Route = (world: World, call: Call) => unknown

const routes: Record<string, Route> = {
  ...messageRoutes,
  ...groupRoutes,
  ...profileRoutes,
  ...boardRoutes,
  ...uploadRoutes,
}
const sendPaths = /\/(sendmsg|mention|quote|sms)$/

/** Answers a call of the API; an address nobody serves is 404, as removed addresses are. */
export function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  body: Buffer,
): void {
  const url = new URL(request.url ?? '/', 'http://sim')
  const route = routes[`${request.method} ${serviceOfHost(host)}${url.pathname}`]
  const session = sessionOf(world, request)
  if (!session?.alive) {
    logCall(world, session, url.pathname, {}, '600')
    sendJson(response, plainAnswer(600, 'zpw_sek bị thiếu hoặc không đúng', null))
    return
  }
  const params = paramsOf(request, url, session, body)
  if (params === null) {
    logCall(world, session, url.pathname, {}, 'unreadable params')
    sendJson(response, plainAnswer(102, new Refusal(102).message, null))
    return
  }
  const { account } = session
  const fault = strike(world.faults.calls, world.faults.random, (rule) => fits(rule, account, url.pathname, params))
  if (fault) world.write({ what: 'fault', fault: `call ${fault.do}`, account, detail: url.pathname })
  const act = (): void => {
    if (world.isOver) return
    if (fault && fault.do !== 'delay' && !fault.do.startsWith('posted')) {
      logCall(world, session, url.pathname, params, fault.do === 'code' ? String(fault.code) : fault.do)
      misbehave(fault, session, response)
      return
    }
    if (!route) {
      logCall(world, session, url.pathname, params, '404')
      sendJson(response, plainAnswer(404, 'Not found', null), 404)
      return
    }
    const afterwards: Call['afterwards'] = (later) => void response.once('finish', later)
    const contentType = request.headers['content-type'] ?? ''
    answer(
      world,
      route,
      { account, path: url.pathname, params, body, contentType, afterwards },
      session,
      response,
      fault,
    )
  }
  if (fault && fault.delayMs > 0) setTimeout(act, fault.delayMs).unref()
  else act()
}

function answer(
  world: World,
  route: Route,
  call: Call,
  session: Session,
  response: ServerResponse,
  fault: CallFault | null,
): void {
  const key = Buffer.from(session.enk, 'base64')
  try {
    const payload = route(world, call)
    logCall(world, session, call.path, call.params, fault && fault.do !== 'delay' ? fault.do : 'ok')
    if (fault && fault.do !== 'delay') {
      misbehave(fault, session, response)
      return
    }
    const isPlain = call.path === '/keepalive'
    sendJson(response, isPlain ? plainAnswer(0, '', payload) : sealedAnswer(key, 0, 'Successful.', payload))
  } catch (error) {
    if (!(error instanceof Refusal)) {
      failed(world, call.path, error, response)
      return
    }
    logCall(world, session, call.path, call.params, `${error.code} ${error.message}`)
    sendJson(response, sealedAnswer(key, error.code, error.message, null))
  }
}

/** The simulator itself went wrong: said in the log and to the caller, so that no test takes it for a fault of Zalo's. */
export function failed(world: World, path: string, error: unknown, response: ServerResponse): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  world.write({ what: 'broken', path, detail })
  sendJson(response, plainAnswer(500, detail, null), 500)
}

function misbehave(fault: CallFault, session: Session, response: ServerResponse): void {
  if (fault.do === 'hang' || fault.do === 'posted-hang') return
  if (fault.do === 'reset' || fault.do === 'posted-reset') return void response.socket?.resetAndDestroy()
  if (fault.do === 'posted-500') return void response.writeHead(500).end('Internal Server Error')
  if (fault.do === 'http') return void response.writeHead(fault.status).end('')
  const message = fault.message ?? new Refusal(fault.code).message
  // 600 and 102 come outside the seal, everything else inside.
  if (fault.code === 600 || fault.code === 102) {
    sendJson(response, plainAnswer(fault.code, message, null))
    return
  }
  sendJson(response, sealedAnswer(Buffer.from(session.enk, 'base64'), fault.code, message, null))
}

function fits(rule: CallFault, account: string, path: string, params: Record<string, unknown>): boolean {
  if (rule.account !== undefined && rule.account !== account) return false
  if (rule.textIncludes !== undefined && !String(params.message ?? '').includes(rule.textIncludes)) return false
  return rule.call === '*' || rule.call === path || (rule.call === 'send' && sendPaths.test(path))
}

function paramsOf(request: IncomingMessage, url: URL, session: Session, body: Buffer): Record<string, unknown> | null {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  const sealed =
    url.searchParams.get('params') ?? (isForm ? new URLSearchParams(body.toString('utf8')).get('params') : null)
  return sealed === null ? {} : openParams(Buffer.from(session.enk, 'base64'), sealed)
}

function logCall(
  world: World,
  session: Session | null,
  path: string,
  params: Record<string, unknown>,
  answer: string,
): void {
  world.write({ what: 'call', account: session?.account ?? null, path, params, answer })
}
