import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { byteaArray } from '../../src/db/bytea-array.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

it('arrives in PostgreSQL byte for byte and in order, whatever the bytes, none at all included', async () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 8 }), async (values) => {
      const { rows } = await sql<{ value: Buffer }>`
        select value from unnest(${byteaArray(values)}::bytea[]) with ordinality as given (value, at) order by at`.execute(
        db,
      )

      expect(rows.map((row) => row.value)).toEqual(values)
    }),
    { numRuns: 50 },
  )
})
