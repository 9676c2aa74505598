import type { Tx } from '../db/client.ts'
import type { OutboxId } from '../lib/ids.ts'

export type Queued =
  | { readonly as: 'queued' }
  /** It may not leave in the publishing mode that holds. */
  | { readonly as: 'held'; readonly id: OutboxId; readonly by: string }

/** Whether what was intended just now waits for its turn or for somebody's yes. Null: it was intended before. */
export async function heldAs(tx: Tx, id: OutboxId | null): Promise<Queued> {
  if (id === null) return { as: 'queued' }
  const { heldBy } = await tx.selectFrom('outbox').select('heldBy').where('id', '=', id).executeTakeFirstOrThrow()
  return heldBy === null ? { as: 'queued' } : { as: 'held', id, by: heldBy }
}
