import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCredentials } from '../../bots/zalo-oa/credentials.ts'
import { startZaloOaSim } from '../../sim/zalo-oa/server.ts'
import { findAccount, openSecret } from '../../src/accounts/store.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { testDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { db, connection } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'danhoi-oa-'))
const app = { appId: '360846524940903967', appSecret: 'simulated-app-secret' }
const oaId = '388613280878808645'
const key = Buffer.alloc(32, 3).toString('base64')
const keyRing = parseKeyRing(key)
const sim = await startZaloOaSim({ allow: true, ...app })
const { refreshToken } = sim.addOa({ id: oaId, name: 'Mặt trận xã Tri Lễ', secretKey: 'oa-secret-key' })
beforeAll(async () => {
  const unit = { code: 'xa-tri-le', name: 'Xã Tri Lễ', kind: 'commune', signature: 'Ủy ban MTTQ Việt Nam xã Tri Lễ' }
  const account = { platform: 'zalo_oa', id: oaId, name: 'Mặt trận xã Tri Lễ', unit: unit.code }
  await applySetup(db, keyRing, readSetup(JSON.stringify({ units: [unit], accounts: [account] })), new Date())
})
afterAll(async () => {
  await sim.stop()
  await rm(folder, { recursive: true })
})

/** Runs the command as an operator does. */
async function connect(consent: object | string, words = ['connect', oaId]) {
  const child = spawn(process.execPath, ['src/cli.ts', 'zalo-oa', ...words], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl(connection),
      SECRET_KEY: key,
      SIMULATORS: 'allow',
      ZALO_OA_APP_ID: app.appId,
      ZALO_OA_APP_SECRET: app.appSecret,
      ZALO_OA_URL: sim.url,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(typeof consent === 'string' ? consent : JSON.stringify(consent))
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, out, err }
}

async function held() {
  const account = await findAccount(db, 'zalo_oa', oaId)
  if (account === null) throw new Error('the Official Account is gone')
  const secret = await openSecret(db, keyRing, account.id)
  return { loginNumber: account.loginNumber, credentials: secret === '' ? null : readCredentials(secret) }
}

it('an Official Account is connected by what its admin brings, which is spent for a pair of our own', async () => {
  const withoutSecret = await connect({ refreshToken })
  expect(withoutSecret).toMatchObject({ code: 1, err: expect.stringContaining('webhookSecret is missing') })
  expect(await held()).toEqual({ loginNumber: 0, credentials: null })

  const connected = await connect({ refreshToken, webhookSecret: 'oa-secret-key' })
  expect(connected).toMatchObject({ code: 0, out: expect.stringContaining(`đã kết nối Zalo OA ${oaId}`) })
  const first = await held()
  expect(first).toMatchObject({ loginNumber: 1, credentials: { webhookSecrets: ['oa-secret-key'] } })
  expect(first.credentials?.refreshToken).not.toBe(refreshToken)

  const again = await connect({ refreshToken, webhookSecret: 'oa-secret-key' })
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Zalo refuses it (-14020)') })
  expect(again.err).not.toContain(refreshToken)
  expect(await held()).toEqual(first)

  const byCode = await connect({ code: sim.consent(oaId), webhookSecret: 'the-next-secret' })
  expect(byCode.code).toBe(0)
  expect(await held()).toMatchObject({
    loginNumber: 2,
    credentials: { webhookSecrets: ['the-next-secret', 'oa-secret-key'] },
  })
}, 120_000)

it('what is no consent, and an account that nobody has declared, are refused in a sentence', async () => {
  expect(await connect('VERY-SECRET')).toMatchObject({ code: 1, err: expect.not.stringContaining('VERY-SECRET') })
  expect(await connect({ refreshToken: 'x', webhookSecret: 'oa-secret-key' }, ['connect', '1'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('is not known'),
  })
  expect((await connect({}, ['login'])).code).toBe(2)
}, 120_000)
