import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readBody } from './body.ts'
import { SimulatorError } from './simulator-error.ts'

const loopback = ['127.0.0.1', '::1', 'localhost']

export type Place = {
  /** The caller has read SIMULATORS=allow; without it nothing starts. */
  allow: boolean
  port?: number
  /** Loopback only. */
  host?: string
}

/** Where a simulator may stand at all; refused before anything of it is made. */
export function requireLoopback(name: string, { allow, host = '127.0.0.1' }: Place): void {
  if (allow !== true)
    throw new SimulatorError(
      'not_allowed',
      `the ${name} simulator starts only where the configuration says SIMULATORS=allow`,
    )
  if (!loopback.includes(host))
    throw new SimulatorError('not_loopback', `the ${name} simulator listens on loopback only, not on ${host}`)
}

export type Doors = {
  /** Everything under /_sim/: what a test, a soak or a page wants of the simulator. */
  control(request: IncomingMessage, response: ServerResponse, body: string): Promise<void>
  /** Everything else is a call of the platform. */
  call(request: IncomingMessage, response: ServerResponse, body: Buffer<ArrayBuffer>): Promise<void>
}

/** Listens on a loopback port (0 or none: a free one). */
export async function serve(
  { port = 0, host = '127.0.0.1' }: Place,
  doors: Doors,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(doors, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`simulator broke: ${String(error)}`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new SimulatorError('no_port', 'the simulator has no port')
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${address.port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections() // calls left hanging by a fault must not keep the process
      await closed
    },
  }
}

async function answer({ control, call }: Doors, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const path = new URL(request.url ?? '/', 'http://sim.invalid').pathname
  return path.startsWith('/_sim/') ? control(request, response, body.toString('utf8')) : call(request, response, body)
}
