import { expect, it } from 'vitest'
import { transaction } from '../../src/db/client.ts'
import { freeLane, resumeLane } from '../../src/outbox/lane.ts'
import { addAccount, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

it('an account that was stopped and then repaired sends again, and nobody is told any more that it is stopped', async () => {
  const id = await addAccount(db)
  const after = { advice: { do: 'stop', reason: 'token' }, gapMs: 0 } as const
  await transaction(db, 'settle-outbox', (tx) => freeLane(tx, id, '0', after, now))
  const stopped = await accountState()

  await resumeLane(db, id, now)

  expect([stopped, await accountState()]).toEqual(['stopped', 'unknown'])

  async function accountState(): Promise<string> {
    return (await db.selectFrom('accounts').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
  }
})
