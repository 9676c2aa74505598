import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sameSecret } from '../lib/secrets.ts'

export interface Readiness {
  /** All that is needed to receive and to send works. */
  readonly isReady: boolean
  /** One word per part: "ok", or what is wrong with it. */
  readonly parts: Readonly<Record<string, string>>
}

/** /health/live says that this process runs; /health/ready that it can do its work. A database outage must not restart it. */
export async function healthRoutes(server: FastifyInstance, readiness: () => Promise<Readiness>): Promise<void> {
  server.get('/health/live', { logLevel: 'silent' }, async () => ({ status: 'ok' }))
  server.get('/health/ready', { logLevel: 'silent' }, async (_request, reply) => {
    const { isReady, parts } = await readiness()
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not_ready', parts })
  })
}

/** /metrics in the text format of Prometheus; without a token only for this machine. */
export async function metricsRoute(
  server: FastifyInstance,
  metrics: { token: string | null; render: () => Promise<{ type: string; body: string }> },
): Promise<void> {
  server.get('/metrics', { logLevel: 'silent' }, async (request, reply) => {
    if (!mayRead(request, metrics.token)) return reply.code(403).send({ status: 'forbidden' })
    const { type, body } = await metrics.render()
    return reply.type(type).send(body)
  })
}

function mayRead({ headers, ip }: FastifyRequest, token: string | null): boolean {
  const { authorization } = headers
  if (token !== null) return authorization !== undefined && sameSecret(authorization, `Bearer ${token}`)
  // What a proxy of this machine passes on looks like this machine's own, unless TRUST_PROXY says otherwise.
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false
  return ip === '127.0.0.1' || ip === '::1' || ip === '::ffff:127.0.0.1'
}
