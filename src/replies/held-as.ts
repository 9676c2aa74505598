import type { Tx } from '../db/client.ts'
import type { OutboxId } from '../lib/ids.ts'
import { groupOfRow } from '../outbox/closed-group.ts'
import { type Pause, pauseOf } from '../publishing/pause.ts'

export type Queued =
  /** `pause`: its turn comes only after that. */
  | { readonly as: 'queued'; readonly pause: Pause | null }
  /** It may not leave in the publishing mode that holds. */
  | { readonly as: 'held'; readonly id: OutboxId; readonly by: string }

/** Whether what was intended just now waits for its turn or for somebody's yes. Null: it was intended before. */
export async function heldAs(tx: Tx, id: OutboxId | null, now: Date): Promise<Queued> {
  if (id === null) return { as: 'queued', pause: null }
  const { heldBy, unitId } = await tx
    .selectFrom('outbox')
    .select(['heldBy', 'unitId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (heldBy !== null) return { as: 'held', id, by: heldBy }
  const group = await groupOfRow(tx, id)
  if (group !== null && group.standing !== 'open') {
    return { as: 'queued', pause: { until: null, closedGroup: group } }
  }
  return { as: 'queued', pause: await pauseOf(tx, unitId, now) }
}
