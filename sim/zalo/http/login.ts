import type { IncomingMessage, ServerResponse } from 'node:http'
import { imeiOfZcid, loginKey, signKey } from '../wire/crypto.ts'
import { type CallFault, strike } from '../world/faults.ts'
import type { Session } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { openParams, plainAnswer, Refusal, sealedAnswer, sendJson } from './envelope.ts'
import { serviceMap } from './services.ts'
import { sessionOf, setCookie } from './session.ts'

/** `wpa.chat.zalo.me`: the two calls a cookie login consists of. False when the path is neither. */
export function serveLogin(world: World, request: IncomingMessage, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://sim')
  const query = Object.fromEntries(url.searchParams)
  if (url.pathname === '/api/login/getLoginInfo') loginInfo(world, request, response, query)
  else if (url.pathname === '/api/login/getServerInfo') serverInfo(world, request, response, query)
  else return false
  return true
}

function loginInfo(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  query: Record<string, string>,
): void {
  const { zcid = '', zcid_ext = '', signkey = '', params = '', enc_ver = '', type = '', client_version = '' } = query
  const key = loginKey(zcid, zcid_ext)
  const opened = key.length === 32 ? openParams(key, params) : null
  const isSigned = signKey('getlogininfo', { client_version, enc_ver, params, type, zcid, zcid_ext }) === signkey
  if (!opened || !isSigned) {
    world.write({ what: 'login', account: '', step: 'refused', why: 'params or signkey wrong' })
    sendJson(response, plainAnswer(114, new Refusal(114).message, null))
    return
  }
  const session = sessionOf(world, request)
  const why = whyDead(session, request, imeiOfZcid(zcid))
  if (why !== null || !session) {
    world.write({ what: 'login', account: session?.account ?? '', step: 'refused', why })
    sendJson(response, sealedAnswer(key, 102, new Refusal(102).message, null))
    return
  }
  const isLogin = (rule: CallFault): boolean =>
    rule.do === 'code' && rule.call === 'login' && (rule.account === undefined || rule.account === session.account)
  const fault = strike(world.faults.calls, world.faults.random, isLogin)
  if (fault !== null) {
    world.write({ what: 'login', account: session.account, step: 'refused', why: `fault ${fault.code}` })
    sendJson(response, sealedAnswer(key, fault.code, fault.message ?? new Refusal(fault.code).message, null))
    return
  }
  session.imei ??= imeiOfZcid(zcid)
  session.userAgent ??= request.headers['user-agent'] ?? null
  world.write({ what: 'login', account: session.account, step: 'cookie', why: null })
  response.setHeader('set-cookie', setCookie('zpw_sek', session.token, 'chat.zalo.me'))
  const data = {
    uid: session.account,
    zpw_enk: session.enk,
    zpw_ws: [`${world.url.replace('http', 'ws')}/ws1`],
    zpw_service_map_v3: serviceMap,
    send2me_id: session.account,
    language: 'vi',
    haspcclient: 0,
    public_ip: '127.0.0.1',
  }
  sendJson(response, sealedAnswer(key, 0, 'Successful.', data))
}

function serverInfo(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  query: Record<string, string>,
): void {
  const { imei = '', type = '', client_version = '', computer_name = '', signkey = '' } = query
  const session = sessionOf(world, request)
  const isSigned = signKey('getserverinfo', { client_version, computer_name, imei, type }) === signkey
  if (whyDead(session, request, imei) !== null || !isSigned) {
    sendJson(response, plainAnswer(600, new Refusal(600).message, null))
    return
  }
  const socket = {
    ping_interval: world.settings.pingIntervalMs,
    retries: { 1001: { max: 3, times: [1000, 3000, 5000] } },
    close_and_retry_codes: [1001], // 1006 is not among them at Zalo either
    rotate_error_codes: [],
    max_msg_size: 10_000_000,
    enable_chat_socket: true,
    enable_ctrl_socket: true,
  }
  const sharefile = {
    max_file: 50,
    max_size_share_file_v3: 1024,
    chunk_size_file: 524_288,
    restricted_ext_file: ['exe'],
  }
  const settings = { features: { sharefile, socket }, keepalive: { alway_keepalive: 1, keepalive_duration: 300_000 } }
  // Three t's: the library reads Zalo's own misspelling first.
  sendJson(response, plainAnswer(0, 'Successful.', { setttings: settings, extra_ver: { phonebook: 0 } }))
}

// A session belongs to the browser that opened it: the same cookie from another device or browser is a dead one.
function whyDead(session: Session | null, request: IncomingMessage, imei: string | null): string | null {
  if (!session) return 'unknown cookie'
  if (!session.alive) return 'session ended'
  if (session.imei !== null && session.imei !== imei) return 'another imei than at the first login'
  if (session.userAgent !== null && session.userAgent !== request.headers['user-agent']) return 'another user agent'
  return null
}
