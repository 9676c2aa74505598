import type { FastifyInstance } from 'fastify'
import type { DeliveryKeeper } from '../intake/keep.ts'
import { readJson } from '../lib/json.ts'
import { sameSecret } from '../lib/secrets.ts'

/** One POST may carry a thousand updates whose letters are escaped six bytes each: the default 1 MiB would lose them. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024

export interface FacebookDoor {
  readonly verifyToken: string
  /** Whether the raw bytes were signed by Facebook for our app. */
  readonly isSigned: (rawBody: Buffer, signature: string | undefined) => boolean
  /** Items that need no row, when the body holds nothing else; null when it has to be kept. */
  readonly noiseOnly: (body: unknown) => readonly { reason: string; count: number }[] | null
  readonly keeper: Pick<DeliveryKeeper, 'keep'>
  readonly count: (name: string, reason: string, amount?: number) => void
}

/**
 * The door for Facebook. Verify, make durable, answer 200; all else happens later. Only a store that fails is a 5xx:
 * anything else would be sent again for 36 hours.
 */
export async function facebookWebhook(server: FastifyInstance, door: FacebookDoor): Promise<void> {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) =>
    done(null, body),
  )

  server.get('/webhooks/facebook', { logLevel: 'silent' }, async (request, reply) => {
    const query = request.query as Record<string, unknown>
    const challenge = query['hub.challenge']
    const token = query['hub.verify_token']
    const isOurs = query['hub.mode'] === 'subscribe' && typeof token === 'string' && sameSecret(token, door.verifyToken)
    if (!isOurs || typeof challenge !== 'string') return reply.code(403).type('text/plain').send('forbidden')
    return reply.type('text/plain').send(challenge)
  })

  server.post('/webhooks/facebook', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const signature = request.headers['x-hub-signature-256']
    if (!door.isSigned(raw, typeof signature === 'string' ? signature : undefined)) {
      door.count('refused_facebook', 'bad_signature')
      return reply.code(401).type('text/plain').send('bad signature')
    }
    const body = readJson(raw)
    if (body === undefined) {
      door.count('refused_facebook', 'not_json')
      return reply.code(400).type('text/plain').send('expected JSON')
    }
    const noise = door.noiseOnly(body)
    if (noise === null)
      await door.keeper.keep({ platform: 'facebook', accountExternalId: null, lane: 'live', body: raw })
    else for (const { reason, count } of noise) door.count('ignored_facebook', reason, count)
    return reply.type('text/plain').send('ok')
  })
}
