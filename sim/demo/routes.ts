import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { throughDoor } from './door.ts'

export interface DemoRoom {
  readonly facebookUrl: string
  readonly zaloUrl: string
  /** Ids and names that the page needs. */
  readonly scene: object
  readonly timelines: () => Promise<unknown>
}

const files: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'demo.css': 'text/css; charset=utf-8',
  'demo.js': 'text/javascript; charset=utf-8',
  'dom.js': 'text/javascript; charset=utf-8',
  'hints.js': 'text/javascript; charset=utf-8',
  'panes.js': 'text/javascript; charset=utf-8',
  'timeline.js': 'text/javascript; charset=utf-8',
}

/** What a visitor's browser needs of each simulator, as their READMEs list it, and nothing that plays platform. */
const facebookPaths =
  /^(page|messenger|pages|wall|chat|events|comment|editComment|removeComment|visitorPost|message|linkIdentity|assets\/[\w-]+\.(js|css))$/
const zaloPaths = /^(phone|people|chats|conversation|events|say|react|undo|page\/[\w-]+\.(js|css)|media\/[\w-]+)$/

/** The page /demo, the story it tells, and both simulators behind the one address. */
export async function demoRoutes(server: FastifyInstance, room: DemoRoom): Promise<void> {
  const open = new Set<ServerResponse>()
  server.addHook('onRequest', async (_request, reply) => {
    open.add(reply.raw)
    reply.raw.once('close', () => open.delete(reply.raw))
  })
  // Streams of the simulators' pages never end by themselves; without this the server would wait for them.
  server.addHook('preClose', async () => {
    for (const response of open) response.destroy()
  })

  server.get('/demo', async (_request, reply) =>
    reply.type(files['index.html'] ?? '').send(await pageFile('index.html')),
  )
  server.get<{ Params: { file: string } }>('/demo/page/:file', async (request, reply) => {
    const { file } = request.params
    const type = Object.hasOwn(files, file) ? files[file] : undefined
    if (type === undefined) return reply.callNotFound()
    return reply
      .type(type)
      .header('cache-control', 'no-cache')
      .send(await pageFile(file))
  })
  server.get('/demo/api/scene', async () => room.scene)
  server.get('/demo/api/timeline', async (request, reply) => {
    const body = JSON.stringify(await room.timelines())
    const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(body)
  })
  await server.register(throughDoor, { prefix: '/demo/facebook', upstream: room.facebookUrl, paths: facebookPaths })
  await server.register(throughDoor, { prefix: '/demo/zalo', upstream: room.zaloUrl, paths: zaloPaths })
}

function pageFile(name: string): Promise<Buffer> {
  return readFile(new URL(`./page/${name}`, import.meta.url))
}
