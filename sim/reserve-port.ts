import { once } from 'node:events'
import { createServer } from 'node:net'

export interface ReservedPort {
  readonly port: number
  /** Makes room for whoever is to listen there; more than once does nothing. */
  release(): Promise<void>
}

/** A free port of this machine, held until `release`: an address can be told before anybody listens there. */
export async function reservePort(): Promise<ReservedPort> {
  const holder = createServer()
  holder.listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port')
  return {
    port: address.port,
    release: async () => {
      if (!holder.listening) return
      const closed = once(holder, 'close')
      holder.close()
      await closed
    },
  }
}
