import proxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'

export interface Door {
  readonly prefix: string
  readonly upstream: string
  /** Paths below the prefix that are let through. */
  readonly paths: RegExp
}

/** Shows a simulator's pages under a prefix of the demo; its other doors, behind which one plays platform, stay shut. */
export async function throughDoor(server: FastifyInstance, { upstream, paths }: Door): Promise<void> {
  await server.register(proxy, {
    upstream,
    rewritePrefix: '/_sim',
    httpMethods: ['GET', 'POST'],
    undici: { bodyTimeout: 0 }, // a stream of changes may be silent for long
    preHandler: async (request, reply) => {
      const { '*': path = '' } = request.params as { '*'?: string }
      if (!paths.test(path)) return reply.callNotFound()
    },
  })
}
