import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { readCredentials, writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import { how } from '../../sim/zalo-oa/how.ts'
import { startZaloOaSim } from '../../sim/zalo-oa/server.ts'
import { getAccount, openSecret, saveLogin } from '../../src/accounts/store.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { addAccount, emptyTables } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { secretKey } from '../support/town-database.ts'

const app = { appId: '360846524940903967', appSecret: 'simulated-app-secret' }
const oaIds = ['388613280878808645', '388613280878808646']
const ROUNDS = 5
const keyRing = parseKeyRing(secretKey)
const program = fileURLToPath(new URL('programs/renew-tokens.ts', import.meta.url))

const { db, connection } = await testDatabase()
const sim = await startZaloOaSim({ allow: true, ...app })
afterAll(() => sim.stop())

it('two processes that renew the tokens of two OAs at once never spend a token twice', async () => {
  await emptyTables(db)
  const accounts = []
  for (const externalId of oaIds) {
    const { accessToken, refreshToken, expiresIn } = sim.addOa({
      id: externalId,
      name: externalId,
      secretKey: 'secret',
    })
    const id = await addAccount(db, { platform: 'zalo_oa', externalId })
    const accessUntil = Date.now() + expiresIn * 1_000
    await saveLogin(
      db,
      keyRing,
      id,
      writeCredentials({ v: 1, accessToken, refreshToken, accessUntil, webhookSecrets: ['oa-secret-key'] }),
    )
    accounts.push(id)
  }
  // Long enough that the other process asks meanwhile.
  sim.fail({ match: { path: /access_token$/u }, how: how.delay(20), times: 1_000 })
  const args = [JSON.stringify(connection), secretKey, sim.url, JSON.stringify(app), oaIds.join(','), String(ROUNDS)]

  const runs = await Promise.all([1, 2].map(() => promisify(execFile)(process.execPath, [program, ...args])))

  const got = runs.map(({ stdout }) => z.array(z.array(z.string())).parse(JSON.parse(stdout)))
  const given = sim.log.flatMap((entry) => (entry.kind === 'token' ? [entry.what] : []))
  expect(given).not.toContain('refused')
  expect(given.filter((what) => what === 'refreshed').length).toBeGreaterThanOrEqual(ROUNDS * oaIds.length)
  for (const [n, id] of accounts.entries()) {
    const { state } = await db.selectFrom('accounts').select('state').where('id', '=', id).executeTakeFirstOrThrow()
    expect(state).toBe('connected')
    const held = readCredentials(await openSecret(db, keyRing, (await getAccount(db, id)).id))
    expect(got.map((of) => of[n]?.at(-1))).toContain(held.accessToken)
    for (const of of got) expect(new Set(of[n]).size).toBe(ROUNDS + 1)
  }
}, 60_000)
