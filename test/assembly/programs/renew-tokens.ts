import { renew } from '../../../bots/zalo-oa/renew.ts'
import { oaTokens } from '../../../bots/zalo-oa/tokens.ts'
import { findAccount } from '../../../src/accounts/store.ts'
import { sealedCredentials } from '../../../src/assembly/oa-credentials.ts'
import { openDb, openPool } from '../../../src/db/client.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { createLog } from '../../../src/lib/log.ts'
import { parseKeyRing } from '../../../src/lib/secrets.ts'

/** Has every token refused, again and again, and prints those that it got instead. */
const [connection = '', key = '', simUrl = '', app = '', oaIds = '', rounds = ''] = process.argv.slice(2)
const pool = openPool(JSON.parse(connection), 'app,public', 4, () => {})
const db = openDb(pool)
const room = {
  db,
  keyRing: parseKeyRing(key),
  clock: systemClock,
  log: createLog('silent'),
  callTimeoutMs: 10_000,
}
const wire = { simUrl, timeoutMs: room.callTimeoutMs }

async function renewAgainAndAgain(oaId: string): Promise<string[]> {
  const account = await findAccount(db, 'zalo_oa', oaId)
  if (account === null) throw new Error(`expected the Official Account ${oaId}`)
  const tokens = oaTokens({
    store: sealedCredentials(room, account),
    renew: (refreshToken) => renew(wire, JSON.parse(app), refreshToken),
    renewEarlyMs: 1_000,
    clock: systemClock,
  })
  const got = [await tokens.current()]
  for (let round = 0; round < Number(rounds); round += 1) got.push(await tokens.after(got.at(-1) ?? ''))
  return got
}

const got = await Promise.all(oaIds.split(',').map(renewAgainAndAgain))
process.stdout.write(JSON.stringify(got))
await pool.end()
