import { type Db, transaction } from '../db/client.ts'
import type { DeliveryId } from '../lib/ids.ts'

/** Lets deliveries be read again, after a repair of `normalise`. Their known events are recognised by their keys. */
export async function replayDeliveries(db: Db, which: DeliveryId | 'failed'): Promise<number> {
  return transaction(db, 'replay-deliveries', async (tx) => {
    const again = tx
      .updateTable('deliveries')
      .set({ state: 'received', attempts: 0, errorCode: null, normalisedAt: null })
    const replayed = which === 'failed' ? again.where('state', '=', 'failed') : again.where('id', '=', which)
    return Number((await replayed.executeTakeFirst()).numUpdatedRows)
  })
}
