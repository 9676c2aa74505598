import { openDb, openPool } from '../../../src/db/client.ts'
import { UnitId } from '../../../src/lib/ids.ts'
import { officersOnDuty } from '../../../src/units/store.ts'

/** Prints how many officers answer for a unit at each of the given moments. */
const [connection = '', unitId, ...moments] = process.argv.slice(2)
const pool = openPool(JSON.parse(connection), 'app,public', 1, () => {})
const counts: number[] = []
for (const moment of moments) {
  const officers = await officersOnDuty(openDb(pool), UnitId.parse(unitId), 'answers', new Date(moment))
  counts.push(officers.length)
}
process.stdout.write(JSON.stringify(counts))
await pool.end()
