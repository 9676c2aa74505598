import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, vi } from 'vitest'
import { startZaloSim } from '../../sim/zalo/sim.ts'
import { findAccount, openSecret } from '../../src/accounts/store.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { testDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 180_000 }) // each command is a process of its own

const root = fileURLToPath(new URL('../../', import.meta.url))
const { db, connection } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'danhoi-zalo-login-'))
const sim = await startZaloSim({ allow: true })
afterAll(async () => {
  await sim.stop()
  await rm(folder, { recursive: true })
})

const key = Buffer.alloc(32, 3).toString('base64')
const uid = '5550000000000000009'
sim.addAccount({ uid, name: 'Mặt trận xã Tri Lễ' })

/** Runs the command as an operator does, with a phone that confirms whatever code is shown. */
async function login(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['src/cli.ts', 'zalo', 'login', ...words, '--qr', join(folder, 'qr.png')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl(connection),
      SECRET_KEY: key,
      SIMULATORS: 'allow',
      ZALO_SIM_URL: sim.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = once(child, 'exit')
  await until(
    () => {
      const shown = sim.qr.pending().at(-1)?.code
      if (shown !== undefined) sim.qr.accept(shown, uid)
      return shown !== undefined || child.exitCode !== null
    },
    { timeoutMs: 60_000 },
  )
  const [code] = await ended
  const [out, err] = await said
  return { code, out, err }
}

it('an account that nobody has imported yet is named by its number, and nothing is kept', async () => {
  const { code, err } = await login()

  expect(code).toBe(1)
  expect(err).toContain(`this is the Zalo account ${uid}, which is not known yet`)
})

it('an imported account is recognised by its login alone, and its session is kept sealed', async () => {
  const unit = { code: 'xa-tri-le', name: 'Xã Tri Lễ', kind: 'commune', signature: 'Ủy ban MTTQ Việt Nam xã Tri Lễ' }
  const account = { platform: 'zalo', id: uid, name: 'Mặt trận xã Tri Lễ', unit: unit.code }
  const keyRing = parseKeyRing(key)
  await applySetup(db, keyRing, readSetup(JSON.stringify({ units: [unit], accounts: [account] })), new Date())

  const { code, out } = await login()

  expect({ code, last: out.trim().split('\n').at(-1) }).toEqual({
    code: 0,
    last: 'đã đăng nhập; phiên được giữ kín trong cơ sở dữ liệu',
  })
  const kept = await findAccount(db, 'zalo', uid)
  if (kept === null) throw new Error('the account is gone')
  expect(JSON.parse(await openSecret(db, keyRing, kept.id))).toMatchObject({ v: 1, uid })
})

it('an account that is not known is refused before a code is shown', async () => {
  const { code, err } = await login('5550000000000000008')

  expect({ code, err }).toEqual({ code: 1, err: 'Zalo account 5550000000000000008 is not known: import it first\n' })
})
