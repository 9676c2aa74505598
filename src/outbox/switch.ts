import { type Db, transaction } from '../db/client.ts'

/** Stops or resumes everything that residents could read. The sender asks before each single message. */
export async function switchPublishing(db: Db, isOn: boolean, reason: string | null, now: Date): Promise<void> {
  await transaction(db, 'switch-publishing', (tx) =>
    tx.updateTable('switches').set({ isOn, reason, changedAt: now }).where('name', '=', 'publishing').execute(),
  )
}

export async function publishingState(db: Db): Promise<{ isOn: boolean; waiting: number; underway: number }> {
  const { isOn } = await db
    .selectFrom('switches')
    .select('isOn')
    .where('name', '=', 'publishing')
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('outbox')
    .select(['state', (select) => select.fn.countAll<string>().as('amount')])
    .where('audience', '!=', 'officer')
    .where('state', 'in', ['pending', 'sending'])
    .groupBy('state')
    .execute()
  const amount = (state: string): number => Number(rows.find((row) => row.state === state)?.amount ?? 0)
  return { isOn, waiting: amount('pending'), underway: amount('sending') }
}
