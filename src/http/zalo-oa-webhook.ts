import type { FastifyInstance } from 'fastify'
import type { SignedDelivery } from '../../bots/zalo-oa/signature.ts'
import type { DeliveryKeeper } from '../intake/keep.ts'
import { readJson } from '../lib/json.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

/** Whose event it is and what becomes of it; refused: nothing is kept, only counted. */
export type OaJudgement =
  | { readonly is: 'genuine'; readonly oaId: string }
  | { readonly is: 'refused'; readonly reason: 'unknown_account' | 'bad_signature' | 'stale' }

export interface ZaloOaDoor {
  readonly judge: (delivery: SignedDelivery) => Promise<OaJudgement>
  /** As the platform calls the person who asks that what is kept about them be deleted; null: it is no such event. */
  readonly withdrawnBy: (body: unknown) => string | null
  /** Durable when it resolves, and done once for the same bytes. */
  readonly keepWithdrawal: (oaId: string, userId: string, rawBody: Buffer) => Promise<void>
  readonly keeper: Pick<DeliveryKeeper, 'keep'>
  readonly count: (name: string, reason: string) => void
}

/**
 * The door for Official Accounts. Whatever is not genuine is answered 200 as well, counted and dropped: Zalo's portal
 * saves an address only then, and what is not answered 200 comes again until the webhook is switched off. Only a store
 * that fails is a 5xx: that event has to come again.
 */
export async function zaloOaWebhook(server: FastifyInstance, door: ZaloOaDoor): Promise<void> {
  const { judge, withdrawnBy, keepWithdrawal, keeper, count } = door
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) =>
    done(null, body),
  )

  server.post('/webhooks/zalo-oa/:id', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const { headers, log } = request
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const body = readJson(rawBody)
    const signature = one(headers['x-zevent-signature'])
    const timestampHeader = one(headers['x-zevent-timestamp'])
    const judged = await judge({ rawBody, body, signature, timestampHeader })
    if (judged.is === 'refused') {
      count('refused_zalo_oa', judged.reason)
      return reply.type('text/plain').send('ok')
    }
    await keeper.keep({ platform: 'zalo_oa', accountExternalId: judged.oaId, lane: 'live', body: rawBody })
    const userId = withdrawnBy(body)
    if (userId !== null) {
      await keepWithdrawal(judged.oaId, userId, rawBody)
      log.warn({ oaId: judged.oaId }, 'somebody asks Zalo that their data be deleted')
    }
    return reply.type('text/plain').send('ok')
  })
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}
