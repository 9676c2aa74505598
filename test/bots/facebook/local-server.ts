import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

interface Received {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly signature: string | undefined
  readonly raw: Buffer
  readonly body: string
}

export interface LocalServer {
  readonly url: string
  readonly received: readonly Received[]
  stop(): Promise<void>
}

/** A server on a free loopback port that keeps what it is asked and answers as told. */
export async function startLocalServer(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<LocalServer> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const raw = Buffer.concat(chunks)
    const signature = request.headers['x-hub-signature-256']
    received.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
      signature: typeof signature === 'string' ? signature : undefined,
      raw,
      body: raw.toString('utf8'),
    })
    answer(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the local server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** An answer as Graph writes it. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
    response.end(JSON.stringify(body))
  }
}
