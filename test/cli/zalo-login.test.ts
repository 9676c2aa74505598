import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startZaloSim } from '../../sim/zalo/sim.ts'
import { consentOf } from '../../src/accounts/consent.ts'
import { type Account, findAccount, openSecret } from '../../src/accounts/store.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { consentStatement } from '../../src/texts/zalo-consent.ts'
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

const unit = { code: 'xa-tri-le', name: 'Xã Tri Lễ', kind: 'commune', signature: 'Ủy ban MTTQ Việt Nam xã Tri Lễ' }
const admin = { name: 'Vi Văn Thắng', duties: [{ unit: unit.code, duty: 'administers' }] }
const account = { platform: 'zalo', id: uid, name: 'Mặt trận xã Tri Lễ', unit: unit.code }
const keyRing = parseKeyRing(key)

/** Runs a command as an operator does who pipes `said` into it, with a phone that confirms whatever code is shown. */
async function zalo(words: readonly string[], said = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['src/cli.ts', 'zalo', ...words], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl(connection),
      SECRET_KEY: key,
      SIMULATORS: 'allow',
      ZALO_SIM_URL: sim.url,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {}) // a command that reads nothing has closed it
  child.stdin.end(said)
  const heard = Promise.all([text(child.stdout), text(child.stderr)])
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
  const [out, err] = await heard
  return { code, out, err }
}

const login = (words: readonly string[] = [], said = ''): ReturnType<typeof zalo> =>
  zalo(['login', ...words, '--qr', join(folder, 'qr.png')], said)
const last = (out: string): string | undefined => out.trim().split('\n').at(-1)
const known = async (): Promise<Account> => {
  const found = await findAccount(db, 'zalo', uid)
  if (found === null) throw new Error('the account is gone')
  return found
}

it('an account that nobody has imported yet is named by its number, and nothing is kept', async () => {
  const { code, err } = await login()

  expect(code).toBe(1)
  expect(err).toContain(`this is the Zalo account ${uid}, which is not known yet`)
})

describe('an imported account', () => {
  beforeAll(async () => {
    const setup = JSON.stringify({ units: [unit], officers: [admin], accounts: [account] })
    await applySetup(db, keyRing, readSetup(setup), new Date())
  })

  it('is refused before a code is shown while no admin has agreed to its use', async () => {
    const { code, out, err } = await login([uid])

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(`no admin has agreed to using the Zalo account ${uid}`)
  })

  it.each([
    ['other words', 'không', 'nothing was agreed to'],
    ['no words', '', 'nothing was agreed to'],
  ])('%s are no consent, and nothing is kept', async (_what, said, why) => {
    const { code, out, err } = await login([uid, '--admin', admin.name, '--consent'], said)

    expect(code).toBe(1)
    expect(out).toContain(consentStatement)
    expect(err).toContain(why)
    expect((await known()).loginNumber).toBe(0)
  })

  it('nobody agrees by accident: without --consent a person has to sit at the terminal', async () => {
    const { code, err } = await login([uid, '--admin', admin.name], 'tôi đồng ý\n')

    expect(code).toBe(1)
    expect(err).toContain('a person has to read the statement')
  })

  it('whoever is no admin cannot agree, and nothing is kept', async () => {
    const { code, err } = await login(['--admin', 'Ai Đó', '--consent'], 'tôi đồng ý\n')

    expect(code).toBe(1)
    expect(err).toContain('no officer is named "Ai Đó"')
    expect((await known()).loginNumber).toBe(0)
  })

  it('is recognised by its login alone; the session is kept sealed, and who agreed', async () => {
    const { code, out } = await login(['--admin', admin.name, '--consent'], 'Tôi đồng ý\n')

    expect({ code, last: last(out) }).toEqual({
      code: 0,
      last: 'đã đăng nhập; phiên được giữ kín trong cơ sở dữ liệu',
    })
    const kept = await known()
    expect(JSON.parse(await openSecret(db, keyRing, kept.id))).toMatchObject({ v: 1, uid })
    expect(await consentOf(db, kept.id)).toMatchObject({ officerName: admin.name, isCurrent: true })
  })

  it('is asked for no second consent at its next login', async () => {
    const { code, out } = await login([uid])

    expect(code).toBe(0)
    expect(out).not.toContain(consentStatement)
  })

  it('its consent is withdrawn and given by commands of their own', async () => {
    const revoked = await zalo(['revoke', uid, '--admin', admin.name])
    expect(revoked).toMatchObject({ code: 0, err: '' })
    expect(await consentOf(db, (await known()).id)).toBeNull()

    const given = await zalo(['consent', uid, '--admin', admin.name, '--consent'], 'tôi đồng ý')

    expect({ code: given.code, last: last(given.out) }).toEqual({
      code: 0,
      last: `đã ghi lại lời xác nhận của ${admin.name}`,
    })
    expect(await consentOf(db, (await known()).id)).not.toBeNull()
  })
})

it('an account that is not known is refused before a code is shown', async () => {
  const { code, err } = await login(['5550000000000000008'])

  expect({ code, err }).toEqual({ code: 1, err: 'Zalo account 5550000000000000008 is not known: import it first\n' })
})

it.each(['login 1 2', 'login --consent', `consent ${uid}`, 'revoke --admin Thắng', `groups ${uid}`, 'dance'])(
  '“zalo %s” is wrong usage',
  async (typed) => {
    const { code, err } = await zalo(typed.split(' '))

    expect(code).toBe(2)
    expect(err).toContain('usage: zalo login')
  },
)
