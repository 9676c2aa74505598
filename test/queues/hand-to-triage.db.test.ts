import { beforeEach, expect, it } from 'vitest'
import { handToTriage } from '../../queues/workers/hand-to-triage.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addEvent, emptyTables } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

async function write(accountId: AccountId, amount: number, lane = 2) {
  const events = []
  for (let n = 1; n <= amount; n += 1) events.push(await addEvent(db, accountId, { lane }))
  return events.map(({ id }) => ({ id, accountId, lane }))
}

/** How many jobs came into which queue and lane. */
async function handed(events: Awaited<ReturnType<typeof write>>): Promise<Record<string, number>> {
  const jobs: Record<string, number> = {}
  const enqueueMany = async (
    queue: string,
    payloads: readonly unknown[],
    { lane }: { lane: string },
  ): Promise<void> => {
    if (payloads.length > 0) jobs[`${queue} ${lane}`] = payloads.length
  }
  await handToTriage({ db, enqueueMany }, events)
  return jobs
}

it('what is new on a quiet account is looked at among everybody’s', async () => {
  expect(await handed(await write(await addAccount(db), 3))).toEqual({ 'triage live': 3 })
})

it('what crowds on one account stands apart, and holds up no other account', async () => {
  const storm = await write(await addAccount(db), 50)
  const question = await write(await addAccount(db), 1)

  expect(await handed([...storm, ...question])).toEqual({ 'triage live': 21, 'crowd live': 30 })
})

it('history stands behind what is new', async () => {
  const account = await addAccount(db)
  const events = [...(await write(account, 2, 4)), ...(await write(account, 1))]

  expect(await handed(events)).toEqual({ 'triage live': 1, 'triage backfill': 2 })
})
