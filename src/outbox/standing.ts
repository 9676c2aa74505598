import { sql } from 'kysely'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import { frozenUntil } from '../publishing/freezes.ts'
import { shareGate } from '../publishing/gate.ts'
import { type Verdict, verdictOf } from '../publishing/mode.ts'
import { modeOf } from '../publishing/modes.ts'
import { isSeenOutside, type OutboundMessage } from './outbound.ts'

/**
 * Asked in each claim of something that residents could read, behind the gate: may it leave? If not, the row is put back,
 * held or cancelled as if it had not been claimed. True: it was.
 */
export async function putBack(tx: Tx, message: OutboundMessage, fence: string, now: Date): Promise<boolean> {
  const { id, kind, accountId } = message
  if (!isSeenOutside(message)) return false
  const { isOn } = await shareGate(tx)
  const { unitId, placeKind, placeId, approvedAt } = await tx
    .selectFrom('outbox')
    .select(['unitId', 'placeKind', 'placeId', 'approvedAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const place = Place.parse({ kind: placeKind, id: placeId })
  const mode = await modeOf(tx, { accountId, unitId, place })
  const isWaiting = !isOn || (await frozenUntil(tx, unitId, now)) !== null
  const verdict = isWaiting ? 'wait' : verdictOf(mode, { kind, isApproved: approvedAt !== null })
  if (verdict === 'leave') return false
  await tx
    .updateTable('outbox')
    .set((row) => ({
      state: stateAfter[verdict],
      attempts: row('attempts', '-', 1),
      firstClaimedAt: sql<Date | null>`case when attempts > 1 then first_claimed_at end`,
      claimedAt: sql<Date | null>`case when attempts > 1 then claimed_at end`,
      changedAt: now,
      ...(verdict === 'hold' ? { heldBy: mode } : {}),
      ...(verdict === 'cancel' ? { errorCode: mode } : {}),
    }))
    .where('id', '=', id)
    .execute()
  await tx
    .updateTable('accountLanes')
    .set({ busyUntil: '-infinity' })
    .where('accountId', '=', accountId)
    .where('fence', '=', fence)
    .execute()
  return true
}

const stateAfter = {
  wait: 'pending',
  hold: 'held',
  cancel: 'cancelled',
} as const satisfies Record<Exclude<Verdict, 'leave'> | 'wait', string>
