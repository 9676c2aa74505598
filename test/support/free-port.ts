import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port for a server that comes and goes during a test. It lies below the ports that the system hands out by itself:
 * one of those may belong to any outgoing connection by the time the server comes back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    const probe = createServer()
    const isFree = new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!(await isFree)) continue
    probe.close()
    await once(probe, 'close')
    return port
  }
}
