import { type RawBuilder, sql } from 'kysely'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import type { AccountId, CaseId, OfficerId, OutboxId } from '../lib/ids.ts'
import { type Actor, everywhere, recordChange } from '../publishing/change.ts'
import { type PublishingMode, type Verdict, verdictOf } from '../publishing/mode.ts'
import { modeOf } from '../publishing/modes.ts'

interface Judged {
  readonly id: OutboxId
  readonly caseId: CaseId | null
  readonly mode: PublishingMode
  readonly verdict: Verdict
}

/**
 * Holds what waits for its turn and may not leave in the mode that holds by now. Its claim would do the same; this says
 * at once how much it is. Returns how many rows were held.
 */
export async function holdBack(db: Db, now: Date): Promise<number> {
  return transaction(
    db,
    (held) => (held === 0 ? null : 'switch-publishing'),
    async (tx) => {
      const stays = (await judged(tx, 'pending', null)).filter(({ verdict }) => verdict !== 'leave')
      await lockCases(tx, stays)
      let held = 0
      for (const { id, mode, verdict } of stays) {
        const moved = await tx
          .updateTable('outbox')
          .set(
            verdict === 'hold'
              ? { state: 'held', heldBy: mode, changedAt: now }
              : { state: 'cancelled', errorCode: mode, changedAt: now },
          )
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .executeTakeFirst()
        if (verdict === 'hold') held += Number(moved.numUpdatedRows)
      }
      return held
    },
  )
}

/**
 * A person lets go what was held, as far as the mode of this moment allows it: in `approve_all` only what somebody has
 * agreed to. Each goes through its claim like any other message.
 */
export async function release(
  db: Db,
  account: AccountId | null,
  { by, reason }: { by: Actor; reason: string | null },
  now: Date,
): Promise<{ released: number; kept: number }> {
  return transaction(db, 'switch-publishing', async (tx) => {
    const held = await judged(tx, 'held', account)
    const leaving = held.filter(({ verdict }) => verdict === 'leave')
    await lockCases(tx, leaving)
    let released = 0
    for (const { id } of leaving) if (await letGo(tx, id, {}, now)) released += 1
    const about = account === null ? everywhere : ({ scope: 'account', accountId: account } as const)
    if (released > 0) await recordChange(tx, { what: 'released', about, by, reason }, now)
    return { released, kept: held.length - released }
  })
}

/** Held → pending. False: it is not held any more. */
export async function letGo(
  tx: Tx,
  id: OutboxId,
  approved: { readonly approvedBy?: OfficerId; readonly approvedAt?: Date },
  now: Date,
): Promise<boolean> {
  const moved = await tx
    .updateTable('outbox')
    .set({ state: 'pending', heldBy: null, dueAt: now, changedAt: now, ...approved })
    .where('id', '=', id)
    .where('state', '=', 'held')
    .executeTakeFirst()
  return moved.numUpdatedRows > 0n
}

async function judged(tx: Tx, state: 'held' | 'pending', account: AccountId | null): Promise<Judged[]> {
  let found = tx
    .selectFrom('outbox')
    .select(['id', 'caseId', 'kind', 'accountId', 'unitId', 'placeKind', 'placeId', 'approvedAt'])
    .where((row) => row.or([row('audience', 'in', ['public', 'resident']), row('kind', '=', 'unhide')]))
    .where('state', '=', state)
  if (account !== null) found = found.where('accountId', '=', account)
  const modes = new Map<string, PublishingMode>()
  const result: Judged[] = []
  for (const row of await found.orderBy('id').execute()) {
    const { accountId, unitId, placeKind, placeId } = row
    const key = `${accountId} ${unitId} ${placeKind} ${placeId}`
    const mode = modes.get(key) ?? (await modeOf(tx, { accountId, unitId, place: placeOf(placeKind, placeId) }))
    modes.set(key, mode)
    const verdict = verdictOf(mode, { kind: row.kind, isApproved: row.approvedAt !== null })
    result.push({ id: row.id, caseId: row.caseId, mode, verdict })
  }
  return result
}

function placeOf(kind: string, id: string): Place {
  return Place.parse({ kind, id })
}

/** In the order of everybody: first the case, then its rows. */
async function lockCases(tx: Tx, rows: readonly Judged[]): Promise<void> {
  const ids = rows.flatMap(({ caseId }) => (caseId === null ? [] : [caseId]))
  if (ids.length === 0) return
  await tx.selectFrom('cases').select('id').where('id', 'in', ids).orderBy('id').forShare().execute()
}

export interface Held {
  readonly accountId: AccountId
  readonly heldBy: PublishingMode
  readonly amount: number
  /** Of these, how many nobody could be asked to agree to. */
  readonly unasked: number
}

/** What is held, by account and by what holds it. */
export async function heldRows(db: Db | Tx): Promise<Held[]> {
  const rows = await db
    .selectFrom('outbox')
    .select((row) => [
      'accountId',
      'heldBy',
      row.fn.countAll<string>().as('amount'),
      row.fn.countAll<string>().filterWhere(wasAsked(), '=', false).as('unasked'),
    ])
    .where('state', '=', 'held')
    .groupBy(['accountId', 'heldBy'])
    .execute()
  return rows.map(({ accountId, heldBy, amount, unasked }) => {
    const mode = heldBy === 'listen_only' ? 'listen_only' : 'approve_all'
    return { accountId, heldBy: mode, amount: Number(amount), unasked: mode === 'approve_all' ? Number(unasked) : 0 }
  })
}

/** Whether somebody was asked to agree to this row. For a select of outbox. */
export function wasAsked(): RawBuilder<boolean> {
  return sql<boolean>`exists (select from outbox card where card.origin_id = outbox.id and card.kind = 'approval')`
}
