import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface FileServer {
  readonly url: string
  readonly port: number
  /** Paths in the order in which they were asked, with the host they were asked under. */
  readonly asked: readonly { readonly path: string; readonly host: string }[]
  close(): Promise<void>
}

/** A web server on this machine that stands for a platform's file server. */
export async function openFileServer(answers: Readonly<Record<string, Buffer | Answer>> = {}): Promise<FileServer> {
  const asked: { path: string; host: string }[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://files').pathname
    asked.push({ path, host: request.headers.host ?? '' })
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined
    if (answer === undefined) response.writeHead(404).end()
    else if (Buffer.isBuffer(answer)) response.writeHead(200).end(answer)
    else answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** One that ends with the test. */
export async function startFileServer(answers: Readonly<Record<string, Buffer | Answer>> = {}): Promise<FileServer> {
  const server = await openFileServer(answers)
  onTestFinished(server.close)
  return server
}
