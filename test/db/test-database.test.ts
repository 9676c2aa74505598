import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

it('a test file gets a migrated database of its own, with BullMQ beside our tables', async () => {
  const { rows } = await sql<{ ours: boolean; bull: boolean; path: string }>`
    select to_regclass('app.cases') is not null as ours, to_regclass('bullmq.job') is not null as bull,
           current_setting('search_path') as path`.execute(db)

  expect(rows).toEqual([{ ours: true, bull: true, path: 'app,public' }])
})

it('lower case knows Vietnamese letters', async () => {
  const { rows } = await sql<{ lower: string }>`select lower('ĐƯỜNG') as lower`.execute(db)

  expect(rows).toEqual([{ lower: 'đường' }])
})
