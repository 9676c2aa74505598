import type { IncomingMessage, ServerResponse } from 'node:http'
import type { QrLogins } from '../world/qr-logins.ts'
import type { World } from '../world/world.ts'
import { plainAnswer, sendJson } from './envelope.ts'
import { cookiesOf, sessionOf, setCookie } from './session.ts'

/** `id.zalo.me`, `jr.chat.zalo.me` and the page the flow ends on. False when the path is none of theirs. */
export function serveQr(
  world: World,
  qr: QrLogins,
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  body: Buffer,
): boolean {
  const { pathname } = new URL(request.url ?? '/', 'http://sim')
  const form = new URLSearchParams(body.toString('utf8'))
  const code = form.get('code') ?? ''
  const ok = (data: unknown): void => sendJson(response, plainAnswer(0, 'Successful.', data))
  switch (`${host}${pathname}`) {
    case 'id.zalo.me/account':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end('<!doctype html><script src="https://stc-zlogin.zdn.vn/main-2.44.11.js"></script>')
      return true
    case 'id.zalo.me/account/logininfo':
    case 'id.zalo.me/account/verify-client':
      ok({})
      return true
    case 'id.zalo.me/account/authen/qr/generate': {
      const made = qr.generate()
      response.setHeader('set-cookie', setCookie('zlogin_qr', made.code, 'id.zalo.me'))
      ok({ ...made, options: { enabledCheckOCR: false, enabledMultiLayer: false } })
      return true
    }
    case 'id.zalo.me/account/authen/qr/waiting-scan':
      void qr.waitScanned(code).then((answer) => sendJson(response, JSON.stringify(answer)))
      return true
    case 'id.zalo.me/account/authen/qr/waiting-confirm':
      void qr.waitConfirmed(code).then((answer) => sendJson(response, JSON.stringify(answer)))
      return true
    case 'id.zalo.me/account/checksession': {
      const session = qr.finish(cookiesOf(request).get('zlogin_qr') ?? '')
      if (session) {
        session.userAgent = request.headers['user-agent'] ?? null
        const cookies = [setCookie('zpsid', `sim-${session.account}`, 'zalo.me')]
        response.setHeader('set-cookie', [...cookies, setCookie('zpw_sek', session.token, 'chat.zalo.me')])
      }
      response.writeHead(302, { location: 'https://chat.zalo.me/index.html' }).end()
      return true
    }
    case 'chat.zalo.me/index.html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
      return true
    case 'jr.chat.zalo.me/jr/userinfo': {
      const account = world.data.accounts.get(sessionOf(world, request)?.account ?? '')
      ok({ logged: account !== undefined, info: { name: account?.name ?? '', avatar: '' } })
      return true
    }
    default:
      return false
  }
}
