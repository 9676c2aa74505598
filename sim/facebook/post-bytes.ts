import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { readBody } from '../kit/body.ts'

export type Answer = { status: number; body: string }

/** One HTTP request with its body as given; a transport failure or a timeout rejects. */
export function send(
  method: 'GET' | 'POST',
  url: string,
  options: { headers?: Record<string, string>; body?: string; timeoutMs: number; agent?: Agent },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const start = url.startsWith('https:') ? httpsRequest : httpRequest
    const bytes = options.body === undefined ? undefined : Buffer.from(options.body)
    const request = start(
      url,
      {
        method,
        headers: { ...options.headers, ...(bytes ? { 'content-length': String(bytes.length) } : {}) },
        ...(options.agent && !url.startsWith('https:') ? { agent: options.agent } : {}),
      },
      (response) => readAll(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject),
    )
    request.setTimeout(options.timeoutMs, () => request.destroy(new Error(`no answer within ${options.timeoutMs} ms`)))
    request.on('error', reject)
    request.end(bytes)
  })
}

/** The whole body of a message as text. */
export async function readAll(message: IncomingMessage): Promise<string> {
  return (await readBody(message)).toString('utf8')
}
