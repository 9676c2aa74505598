import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { makeTemplate } from '../../bench/soak/matrix.ts'
import { type LastingZalo, startLastingZalo } from '../../bench/soak/zalo/lasting.ts'
import { logInAnew } from '../../bench/soak/zalo/villages.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { type Db, openDb, openPool } from '../../src/db/client.ts'
import { Lifecycle } from '../../src/lib/lifecycle.ts'
import type { Child } from '../support/child.ts'
import { openStage, type Stage } from '../support/stage.ts'
import { cloneTemplate } from '../support/town-database.ts'
import { until } from '../support/until.ts'

const server = inject('testServer')
const lifecycle = new Lifecycle()
let zalo: LastingZalo
let stage: Stage
let db: Db
let child: Child
let uid: string

beforeAll(async () => {
  const database = await cloneTemplate(server, await makeTemplate(server))
  lifecycle.add('database', () => database.drop())
  const pool = openPool(database.connection, 'app,public', 2, () => {})
  lifecycle.add('pool', () => pool.end())
  db = openDb(pool)
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-zalo-kills-'))
  lifecycle.add('folder', () => rm(folder, { recursive: true, force: true }))
  zalo = await startLastingZalo({ stateFile: join(folder, 'zalo.json') })
  lifecycle.add('Zalo', () => zalo.stop())
  stage = await openStage({ store: { connection: database.connection }, zalo: zalo.now })
  lifecycle.add('stage', () => stage.close())
  uid = stage.town.zalo.uid
  child = stage.start()
  await opened(0)
}, 60_000)
afterAll(() => lifecycle.stop((name, error) => expect.fail(`${name} was left behind: ${String(error)}`)))

let written = 0

/** Villagers go on whatever happens, in their group and to the account alone. */
function talk(): void {
  const { residentsGroup: group, residents } = stage.town.zalo
  for (const { person } of [...residents, ...residents]) {
    written += 1
    zalo.say({ group, person, text: `Chuyện trong xóm, tin thứ ${written}` })
  }
  const [{ person } = { person: '' }] = residents
  zalo.say({ account: uid, person, text: `Cảm ơn xã, lần ${written}` })
}

const sockets = (): number => zalo.log.filter((entry) => entry.what === 'socket' && entry.step === 'open').length

/** More sockets than that have been opened by now. */
async function opened(before: number): Promise<void> {
  await until(() => sockets() > before, { what: 'the account is connected again' })
}

const said = (): string[] => zalo.log.flatMap((entry) => (entry.what === 'said' ? [entry.msgId] : []))

async function inLedger(): Promise<(string | null)[]> {
  const events = await db.selectFrom('events').select('messageId').where('kind', '=', 'message').execute()
  return events.map(({ messageId }) => messageId)
}

async function everyMessageOnce(): Promise<void> {
  await until(async () => (await inLedger()).length >= said().length, { what: 'every message is in the ledger' })
  expect((await inLedger()).toSorted()).toEqual(said().toSorted())
}

it.each<[string, () => Promise<void>]>([
  [
    'the socket breaks',
    async () => {
      const before = sockets()
      await until(() => zalo.now.terminate(uid))
      talk()
      await opened(before)
    },
  ],
  [
    'the link is half-open',
    async () => {
      const before = sockets()
      await until(() => zalo.now.drop(uid))
      talk()
      await opened(before)
    },
  ],
  [
    'the session is over and a person logs the account in again',
    async () => {
      const before = sockets()
      zalo.now.killSessions({ account: uid })
      talk()
      await until(async () => (await stateOfAccount()) === 'needs_qr', { what: 'a person is asked for' })
      talk()
      await logInAnew(db, zalo.now, uid)
      await opened(before)
    },
  ],
  [
    'the process is killed',
    async () => {
      const before = sockets()
      talk()
      await child.kill()
      talk()
      child = stage.start()
      await opened(before)
    },
  ],
  [
    'Zalo itself is away for a moment',
    async () => {
      const before = sockets()
      talk()
      await zalo.restart(async () => talk())
      await opened(before)
    },
  ],
  [
    'frames make no sense and messages are huge',
    async () => {
      const { residentsGroup: group, officersGroup, residents } = stage.town.zalo
      const [{ person } = { person: '' }] = residents
      for (const bytes of ['', '\x01', '\x01\x09\x02\x00{"encrypt":2,"data":', '\x01\xf5\x01\x00null']) {
        zalo.now.pushBytes(uid, Buffer.from(bytes, 'latin1'))
      }
      zalo.say({ group, person, text: 'Chuyện dài, kể mãi không hết. '.repeat(35_000) })
      zalo.say({ group, person, text: `#hỏi Bao giờ sửa xong đường bê tông ạ? ${'ạ'.repeat(19_000)}` })
      const cards = (): string[] =>
        zalo.log.flatMap((entry) =>
          entry.what === 'posted' && 'group' in entry.thread && entry.thread.group === officersGroup
            ? [entry.text]
            : [],
        )
      const [card] = await until(() => cards().length > 0 && cards(), { what: 'officers read of the long question' })
      expect(card?.length).toBeLessThan(2_000)
    },
  ],
])(
  'when %s, the ledger shows every message once',
  async (_what, kill) => {
    talk()
    await kill()
    talk()

    await everyMessageOnce()
  },
  60_000,
)

async function stateOfAccount(): Promise<string | undefined> {
  const account = await findAccount(db, 'zalo', uid)
  if (account === null) return undefined
  const row = await db.selectFrom('accounts').select('state').where('id', '=', account.id).executeTakeFirst()
  return row?.state
}
