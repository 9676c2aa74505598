import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readSignedRequest } from '../../bots/facebook/signature.ts'
import { findRequest, keepRequest, type RequestKind } from '../channels/requests.ts'
import { wantTokenChecks } from '../channels/store.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import { dataDeletionTexts } from '../texts/data-deletion.ts'

const BODY_LIMIT_BYTES = 64 * 1024

export interface FacebookCallbacks {
  readonly db: Db
  readonly clock: Clock
  readonly appSecrets: readonly string[]
  /** How the outside reaches this server; null: as the request came. */
  readonly publicUrl: string | null
  readonly count: (name: string, reason: string) => void
}

/**
 * Facebook tells that somebody who had logged in to our app took it off, or wants their data deleted. Those are people who
 * manage a Page, never residents: what hangs on them is the Pages' tokens, so all of them are looked at again.
 */
export async function facebookCallbacks(server: FastifyInstance, callbacks: FacebookCallbacks): Promise<void> {
  const { db, clock, appSecrets, count } = callbacks
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(body.toString())),
  )

  /** The code under which it was kept; null: it was refused, and that was said. */
  const keep = async (kind: RequestKind, request: FastifyRequest, reply: FastifyReply): Promise<string | null> => {
    const signedRequest = request.body instanceof URLSearchParams ? request.body.get('signed_request') : null
    if (signedRequest === null || signedRequest === '') return refuse(reply, 400, 'expected signed_request')
    const from = readSignedRequest(signedRequest, appSecrets)
    if (from === null) return refuse(reply, 401, 'bad signature')
    const code = await keepRequest(
      db,
      { platform: 'facebook', kind, signed: signedRequest, userId: from.userId },
      clock(),
    )
    await wantTokenChecks(db, clock())
    request.log.warn({ kind, code }, 'Facebook asked in the name of a person who had logged in to the app')
    return code
  }

  const refuse = async (reply: FastifyReply, status: number, why: string): Promise<null> => {
    count('refused_facebook', status === 401 ? 'bad_signed_request' : 'no_signed_request')
    await reply.code(status).type('text/plain').send(why)
    return null
  }

  server.post('/webhooks/facebook/deauthorize', async (request, reply) => {
    const code = await keep('deauthorize', request, reply)
    return code === null ? reply : reply.send({ confirmation_code: code })
  })

  server.post('/webhooks/facebook/data-deletion', async (request, reply) => {
    const code = await keep('data_deletion', request, reply)
    return code === null ? reply : reply.send({ url: statusUrl(request, code), confirmation_code: code })
  })

  server.get<{ Params: { code: string } }>('/webhooks/facebook/data-deletion/:code', async ({ params }, reply) => {
    const found = /^[0-9A-F]{16}$/.test(params.code) ? await findRequest(db, params.code) : null
    const lines = found === null ? [dataDeletionTexts.unknown] : dataDeletionTexts.done(params.code, found.requestedAt)
    return reply
      .code(found === null ? 404 : 200)
      .type('text/html; charset=utf-8')
      .send(page(lines))
  })

  function statusUrl(request: FastifyRequest, code: string): string {
    const base = callbacks.publicUrl ?? `${request.protocol}://${request.host}`
    return `${base.replace(/\/+$/, '')}/webhooks/facebook/data-deletion/${code}`
  }
}

/** Our own words and a code of hexadecimal digits: nothing in it has to be escaped. */
function page(lines: readonly string[]): string {
  const { title } = dataDeletionTexts
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`
  const body = lines.map((line) => `<p>${line}</p>`).join('\n')
  return `<!doctype html>\n<html lang="vi">\n<head>${head}</head>\n<body>\n<h1>${title}</h1>\n${body}\n</body>\n</html>\n`
}
