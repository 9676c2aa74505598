import { replayDeliveries } from '../intake/replay.ts'
import { DeliveryId } from '../lib/ids.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

export const replayCommand: Command = async ([what, ...rest], { stdout }) => {
  const id = DeliveryId.safeParse(what)
  if (rest.length > 0 || (what !== 'failed' && !id.success)) throw new UsageError('usage: replay failed | DELIVERY_ID')
  return withStore(async ({ db }) => {
    const amount = await replayDeliveries(db, id.success ? id.data : 'failed')
    stdout.write(`${amount} deliveries will be read again; events that are known already are not repeated\n`)
    return 0
  })
}
