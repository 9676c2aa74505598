import { isSigned } from '../../bots/facebook/signature.ts'
import { simulatedApp } from '../../sim/town.ts'
import { createServer } from '../../src/http/server.ts'
import { type FacebookDoor, facebookWebhook } from '../../src/http/webhooks.ts'
import type { Lifecycle } from '../../src/lib/lifecycle.ts'
import type { Log } from '../../src/lib/log.ts'

/** The product's own web server with Facebook's door as its only route, on a free port; it says where. */
export async function serve(
  log: Log,
  lifecycle: Lifecycle,
  door: Pick<FacebookDoor, 'keeper' | 'noiseOnly'>,
): Promise<{ stop(): Promise<void> }> {
  const server = createServer(log, null)
  await server.register(async (scope) =>
    facebookWebhook(scope, {
      ...door,
      verifyToken: simulatedApp.verifyToken,
      isSigned: (raw, signature) => isSigned(raw, signature, [simulatedApp.appSecret]),
      count: () => {},
    }),
  )
  lifecycle.add('web server', () => server.close())
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  log.info({ url }, 'started')
  return { stop: () => lifecycle.stop((part, error) => log.error({ err: error, part }, 'could not be stopped')) }
}
