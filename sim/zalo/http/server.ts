import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Stage } from '../control/actions.ts'
import { serveControl } from '../control/routes.ts'
import { failed, serveApi } from './api.ts'
import { serveLogin } from './login.ts'
import { serveQr } from './qr.ts'

const maxBodyBytes = 64 * 1024 * 1024

/** One HTTP server for every host of Zalo's; which one was meant stands in `x-sim-host`. */
export function newHttpServer(stage: () => Stage): Server {
  return createServer((request, response) => {
    response.on('error', () => response.destroy())
    readBody(request).then(
      (body) => {
        try {
          serve(stage(), request, response, body)
        } catch (error) {
          failed(stage().world, request.url ?? '', error, response)
        }
      },
      () => request.destroy(),
    )
  })
}

function serve(stage: Stage, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { world, qr } = stage
  const { pathname } = new URL(request.url ?? '/', 'http://sim')
  if (pathname.startsWith('/_sim/')) {
    serveControl(stage, request, response, body)
    return
  }
  const host = String(request.headers['x-sim-host'] ?? '')
  if (host === 'wpa.chat.zalo.me' && serveLogin(world, request, response)) return
  if (serveQr(world, qr, request, response, host, body)) return
  if (host.endsWith('-wpa.chat.zalo.me')) {
    serveApi(world, request, response, host, body)
    return
  }
  world.write({ what: 'unmapped', host, path: pathname })
  response.writeHead(404).end()
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    const chunk = Buffer.from(part)
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new Error(`expected at most ${maxBodyBytes} bytes of body`)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}
