import { once } from 'node:events'
import { Agent, get, type ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { createServer } from '../../src/http/server.ts'
import { createLog } from '../../src/lib/log.ts'

it('a connection that becomes idle while the server closes does not hold the close up', async () => {
  const server = createServer(createLog('silent'), null)
  const begun = Promise.withResolvers<ServerResponse>()
  server.get('/slow', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200).write('begun, ')
    begun.resolve(reply.raw)
  })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  const agent = new Agent({ keepAlive: true })
  const responded = once(get(`${url}/slow`, { agent }), 'response')
  const answer = await begun.promise
  const [response] = await responded

  const closed = server.close()
  await new Promise((resolve) => setImmediate(resolve)) // the idle connections of this moment are closed
  answer.end('and done')

  expect(Buffer.concat(await response.toArray()).toString()).toBe('begun, and done')
  await closed
  agent.destroy()
})
