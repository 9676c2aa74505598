import { type Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { readBody } from '../kit/body.ts'

/** One POST with its body as given; returns the status. A transport failure or silence rejects. */
export function post(
  url: string,
  options: { headers: Record<string, string>; body: string; timeoutMs: number; agent: Agent },
): Promise<number> {
  const { headers, body, timeoutMs, agent } = options
  return new Promise((resolve, reject) => {
    const isTls = url.startsWith('https:')
    const bytes = Buffer.from(body)
    const request = (isTls ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': String(bytes.length) },
        ...(isTls ? {} : { agent }),
        signal: AbortSignal.timeout(timeoutMs), // over all: a body that trickles is late too
      },
      (response) => readBody(response).then(() => resolve(response.statusCode ?? 0), reject),
    )
    request.on('error', reject)
    request.end(bytes)
  })
}
