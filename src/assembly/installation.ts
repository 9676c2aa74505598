import type { Db } from '../db/client.ts'
import { RefusedError } from '../lib/errors.ts'

/**
 * A store that was ever used with real accounts never meets simulators, and one made by the demo never meets real
 * accounts: a test must not be able to post, and a real answer must not vanish into a simulator.
 */
export async function claimInstallation(db: Db, simulators: boolean, now: Date): Promise<void> {
  const wanted = simulators ? 'simulated' : 'real'
  await db
    .insertInto('installation')
    .values({ kind: wanted, createdAt: now })
    .onConflict((conflict) => conflict.column('onlyOne').doNothing())
    .execute()
  const { kind } = await db.selectFrom('installation').select('kind').executeTakeFirstOrThrow()
  if (kind === wanted) return
  throw new RefusedError(
    kind === 'real'
      ? 'this database has been used with real accounts: SIMULATORS=allow is refused on it, choose another DATA_DIR or DATABASE_URL'
      : 'this database was made with simulators: start with SIMULATORS=allow, or choose another DATA_DIR or DATABASE_URL',
  )
}
