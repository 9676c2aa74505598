import { type Db, type Tx, transaction } from '../db/client.ts'
import { type Actor, everywhere, recordChange } from '../publishing/change.ts'
import { outsiders } from './outbound.ts'

/**
 * Stops or resumes everything that residents could read. The update waits for the claims that are being made: once it is
 * committed nothing begins that was not under way before. False: it was so already.
 */
export async function setPublishing(
  tx: Tx,
  isOn: boolean,
  { by, reason }: { by: Actor; reason: string | null },
  now: Date,
): Promise<boolean> {
  const changed = await tx
    .updateTable('switches')
    .set({ isOn, reason, changedAt: now })
    .where('name', '=', 'publishing')
    .where('isOn', '!=', isOn)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) return false
  await recordChange(tx, { what: isOn ? 'resumed' : 'stopped', about: everywhere, by, reason }, now)
  return true
}

/** The same as a transaction of its own. */
export async function switchPublishing(
  db: Db,
  isOn: boolean,
  why: { by: Actor; reason: string | null },
  now: Date,
): Promise<boolean> {
  return transaction(db, 'switch-publishing', (tx) => setPublishing(tx, isOn, why, now))
}

export interface PublishingState {
  readonly isOn: boolean
  /** Of the latest change of the switch. */
  readonly reason: string | null
  readonly waiting: number
  readonly underway: number
  readonly held: number
}

export async function publishingState(db: Db | Tx): Promise<PublishingState> {
  const { isOn, reason } = await db
    .selectFrom('switches')
    .select(['isOn', 'reason'])
    .where('name', '=', 'publishing')
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('outbox')
    .select(['state', (select) => select.fn.countAll<string>().as('amount')])
    .where('audience', 'in', outsiders)
    .where('state', 'in', ['held', 'pending', 'sending'])
    .groupBy('state')
    .execute()
  const amount = (state: string): number => Number(rows.find((row) => row.state === state)?.amount ?? 0)
  return { isOn, reason, waiting: amount('pending'), underway: amount('sending'), held: amount('held') }
}
