import { openDb, openPool } from '../../../src/db/client.ts'
import { collectSetup } from '../../../src/setup/collect.ts'

/** Prints the setup that a database holds. */
const pool = openPool(JSON.parse(process.argv[2] ?? ''), 'app,public', 1, () => {})
process.stdout.write(JSON.stringify(await collectSetup(openDb(pool))))
await pool.end()
