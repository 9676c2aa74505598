import { expect, it } from 'vitest'
import { restoredMark } from '../../src/db/load.ts'
import { distrustUnsent } from '../../src/outbox/after-restore.ts'
import { addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool } = await testDatabase()

it('what a restored store calls unsent is looked for first, once, however often the program starts', async () => {
  await emptyTables(db)
  for (const state of ['pending', 'sending', 'sent', 'cancelled']) await addOutboxRow(db, { state })
  await pool.query(`create schema ${restoredMark}`)

  const first = await distrustUnsent(db, now)
  await db.updateTable('outbox').set({ state: 'pending' }).where('state', '=', 'unknown').execute()
  const second = await distrustUnsent(db, now)

  expect([first, second]).toEqual([2, null])
  expect(await states()).toEqual(['cancelled', 'pending', 'pending', 'sent'])
})

it('in a store that was not restored everything stays as it is', async () => {
  await emptyTables(db)
  await addOutboxRow(db, { state: 'pending' })

  expect(await distrustUnsent(db, now)).toBeNull()
  expect(await states()).toEqual(['pending'])
})

async function states(): Promise<string[]> {
  return (await db.selectFrom('outbox').select('state').orderBy('state').execute()).map(({ state }) => state)
}
