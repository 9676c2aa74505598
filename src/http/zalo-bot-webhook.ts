import type { FastifyInstance } from 'fastify'
import { hasSecret, secretHeader } from '../../bots/zalo-bot/signature.ts'
import type { DeliveryKeeper } from '../intake/keep.ts'

/** One message of at most 2,000 characters. */
const BODY_LIMIT_BYTES = 256 * 1024

export interface ZaloBotDoor {
  /** What the platform repeats to this bot's webhook; null: there is no such webhook of ours. */
  readonly secretOf: (botId: string) => Promise<string | null>
  readonly keeper: Pick<DeliveryKeeper, 'keep'>
  readonly count: (name: string, reason: string) => void
}

/** The door for Zalo's bot platform. Whether it would send again is not known: nothing is answered before it is durable. */
export async function zaloBotWebhook(server: FastifyInstance, { secretOf, keeper, count }: ZaloBotDoor): Promise<void> {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) =>
    done(null, body),
  )

  server.post<{ Params: { bot: string } }>('/webhooks/zalo-bot/:bot', async (request, reply) => {
    const { bot } = request.params
    const expected = /^\d{1,32}$/.test(bot) ? await secretOf(bot) : null
    const given = request.headers[secretHeader]
    // A bot that is not ours gets the same answer, so nobody learns which ones are.
    if (expected === null || !hasSecret(typeof given === 'string' ? given : undefined, expected)) {
      count('refused_zalo_bot', 'bad_secret')
      return reply.code(401).type('text/plain').send('bad secret')
    }
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    await keeper.keep({ platform: 'zalo_bot', accountExternalId: bot, lane: 'live', body })
    return reply.type('text/plain').send('ok')
  })
}
