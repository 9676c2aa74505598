import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import { AppError, errorCode } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'

const REQUEST_TIMEOUT_MS = 30_000
/** How often connections are looked for that have become idle while the server closes. */
const LATE_IDLE_MS = 50

/** An empty web server: logging, timeouts and errors. Routes are registered by whoever assembles the program. */
export function createServer(log: Log, trustProxy: string | null): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log.child({ part: 'http' })
  const server = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }), // an address can carry a verify token; what matters is logged by the routes
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: trustProxy ?? false,
    forceCloseConnections: 'idle',
  })
  server.addHook('preClose', async () => {
    // A connection whose answer was on its way when the close began is idle a moment later, and would be kept for a minute.
    const timer = setInterval(() => server.server.closeIdleConnections(), LATE_IDLE_MS)
    server.server.once('close', () => clearInterval(timer))
  })
  server.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error)
    const facts = { err: error, method: request.method, route: request.routeOptions.url ?? null, status }
    if (status >= 500) request.log.error(facts, 'request failed')
    else request.log.info(facts, 'request refused')
    const detail = error instanceof AppError && status < 500 ? error.message : undefined
    return reply
      .code(status)
      .type('application/problem+json')
      .send({ type: 'about:blank', status, title: errorCode(error), detail })
  })
  server.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).type('application/problem+json').send({ type: 'about:blank', status: 404, title: 'not_found' }),
  )
  return server
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return error.code === 'invalid_input' ? 400 : error.code === 'refused' ? 409 : 500
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 ? status : 500
}
