import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { writeSession } from '../bots/zalo/session.ts'
import { agree } from '../sim/settle.ts'
import { listAccounts, saveLogin } from '../src/accounts/store.ts'
import { claimInstallation } from '../src/assembly/installation.ts'
import { loadKeyRing } from '../src/assembly/secret-key.ts'
import { openDb } from '../src/db/client.ts'
import { pgDataOf } from '../src/db/data-dir.ts'
import { runningServer } from '../src/db/embedded-postmaster.ts'
import { migrate, migrationsFolder } from '../src/db/migrate.ts'
import { applySetup } from '../src/setup/apply.ts'
import { readSetup } from '../src/setup/setup-file.ts'
import type { Bench, Room } from './measure/bench.ts'
import { familyOf, pssMib } from './measure/processes.ts'
import { type Program, startProgram } from './measure/program.ts'
import { figure } from './measure/report.ts'
import { newDataDir, type OpenStore, openStore } from './measure/store.ts'

const simulator = fileURLToPath(new URL('./servers/zalo-sim.ts', import.meta.url))
const ACCOUNTS = 100
const MESSAGES = 20
const PATIENCE_MS = 300_000
const admin = 'Hồ Sỹ Nam'
const unit = {
  code: 'xa-cat-ngan',
  name: 'Xã Cát Ngạn',
  kind: 'commune',
  signature: 'Ủy ban MTTQ Việt Nam xã Cát Ngạn',
}

/** What a hundred personal Zalo accounts in one process take beyond the same process without any. */
export const zalo: Bench = {
  name: 'zalo',
  run: async (room) => {
    const idleMs = room.quick ? 15_000 : 60_000
    const dataDir = await newDataDir(room)
    const sim = await startProgram(room, simulator, [], {})
    await withStore(room, dataDir, async ({ pool, dataDir: folder }) => {
      await migrate(pool, { folder: migrationsFolder })
      const db = openDb(pool)
      await claimInstallation(db, true, new Date())
      await applySetup(db, await loadKeyRing(null, folder), setupOf([]), new Date())
    })
    const env = { SIMULATORS: 'allow', PORT: '0', DATA_DIR: dataDir, ZALO_SIM_URL: sim.url }
    const product = await startProgram(room, 'src/main.ts', [], env)
    room.say(`no accounts; then idle for ${idleMs / 1_000} s`)
    await wait(idleMs)
    const base = await programMib(product, dataDir)

    room.say(`${ACCOUNTS} accounts`)
    const uids = Array.from({ length: ACCOUNTS }, (_, n) => String(5_550_000_000_000_001_000n + BigInt(n)))
    const groups = await furnishZalo(sim.url, uids)
    const connectedMs = await connectAll(room, dataDir, sim.url, groups)
    await wait(idleMs)
    const whole = await programMib(product, dataDir)

    room.say(`${MESSAGES} messages in each account’s group; then idle`)
    await talk(sim.url, groups)
    await heardAll(room, dataDir)
    await wait(idleMs)
    const busy = await programMib(product, dataDir)
    return {
      figures: [
        figure('baseMib', 'the program without accounts', base, 'MiB'),
        figure('wholeMib', `with ${ACCOUNTS} accounts connected`, whole, 'MiB'),
        figure('accountsMib', `the ${ACCOUNTS} accounts, zca-js with them`, minus(whole, base), 'MiB', { below: 200 }),
        figure('accountMib', 'each of them', minus(whole, base, ACCOUNTS), 'MiB'),
        figure('afterTalkMib', `the same after ${MESSAGES} messages each`, minus(busy, base), 'MiB', { below: 200 }),
        figure('connectedMs', 'until all are connected and asked for old messages', connectedMs, 'ms'),
      ],
      notes: [
        'one process, without PostgreSQL; the simulated Zalo is another process; proportional set size, idle, nothing forced',
        'the program without accounts has not loaded zca-js: that counts among the accounts',
        'the time begins before an admin agrees to the first of them, and holds all hundred consents',
      ],
    }
  },
}

interface GroupOf {
  readonly uid: string
  readonly group: string
  readonly groupId: string
  readonly person: string
  readonly session: string
}

/** Each account in a group of its own with one resident. */
async function furnishZalo(url: string, uids: readonly string[]): Promise<GroupOf[]> {
  const furnished: GroupOf[] = []
  for (const uid of uids) {
    const { credentials } = Added.parse(await act(url, 'addAccount', { uid, name: `Mặt trận ${uid.slice(-3)}` }))
    const { person } = Person.parse(await act(url, 'addPerson', { id: `dan-${uid}`, name: 'Nguyễn Thị Lan' }))
    const group = `nhom-${uid}`
    await act(url, 'addGroup', { id: group, name: group, members: [person], accounts: [uid] })
    const { gid: groupId } = GroupId.parse(await act(url, 'groupIdFor', { group, viewer: uid }))
    const { imei, userAgent, cookie } = credentials
    const session = writeSession({ v: 1, uid, imei, userAgent, language: 'vi', cookies: cookie })
    furnished.push({ uid, group, groupId, person, session })
  }
  return furnished
}

/** Beside the running product: it finds them when an admin has agreed to their use. */
async function connectAll(room: Room, dataDir: string, url: string, groups: readonly GroupOf[]): Promise<number> {
  let began = 0
  await withStore(room, dataDir, async ({ pool, dataDir: folder }) => {
    const db = openDb(pool)
    const keyRing = await loadKeyRing(null, folder)
    const sessions = new Map(groups.map(({ uid, session }) => [uid, session]))
    await applySetup(db, keyRing, setupOf(groups), new Date())
    const accounts = await listAccounts(db, 'zalo')
    for (const { id, externalId } of accounts) await saveLogin(db, keyRing, id, sessions.get(externalId) ?? '')
    began = performance.now()
    for (const account of accounts) await agree(db, account, admin, new Date())
    await reached('all accounts are connected', async () => {
      const open = z.array(z.unknown()).parse(await (await fetch(`${url}/_sim/connections`)).json())
      const row = db.selectFrom('accounts').select((select) => select.fn.countAll<string>().as('amount'))
      const { amount } = await row.where('caughtUpAt', 'is not', null).executeTakeFirstOrThrow()
      return open.length === ACCOUNTS && Number(amount) === ACCOUNTS
    })
  })
  return performance.now() - began
}

async function talk(url: string, groups: readonly GroupOf[]): Promise<void> {
  for (let n = 1; n <= MESSAGES; n += 1) {
    for (const { group, person } of groups) await act(url, 'say', { group, person, text: `Chào bà con, tin thứ ${n}` })
  }
}

function heardAll(room: Room, dataDir: string): Promise<void> {
  return withStore(room, dataDir, ({ pool }) =>
    reached('all messages are kept', async () => {
      const { rows } = await pool.query<{ count: string }>('select count(*) from events where closed_at is not null')
      return Number(rows[0]?.count) === ACCOUNTS * MESSAGES
    }),
  )
}

const Credentials = z.object({
  imei: z.string(),
  userAgent: z.string(),
  cookie: z.array(z.looseObject({ name: z.string(), value: z.string() })),
})
const Added = z.object({ credentials: Credentials })
const Person = z.object({ person: z.string() })
const GroupId = z.object({ gid: z.string() })

async function act(url: string, name: string, input: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/_sim/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
  if (!response.ok) throw new Error(`the simulated Zalo refuses ${name}: ${await response.text()}`)
  return response.json()
}

function setupOf(groups: readonly GroupOf[]): ReturnType<typeof readSetup> {
  const accounts = groups.map(({ uid, groupId }) => ({
    platform: 'zalo',
    id: uid,
    name: `Mặt trận ${uid.slice(-3)}`,
    unit: unit.code,
    groups: [{ id: groupId, name: groupId, unit: unit.code, audience: 'residents' }],
  }))
  const officers = [{ name: admin, duties: [{ unit: unit.code, duty: 'administers' }] }]
  return readSetup(JSON.stringify({ units: [unit], officers, accounts }))
}

/** The program alone, without the PostgreSQL that it runs. */
async function programMib({ pid }: Program, dataDir: string): Promise<number | null> {
  const server = await runningServer(pgDataOf(dataDir))
  const database = server === null ? [] : await familyOf(server.pid)
  return pssMib((await familyOf(pid)).filter((one) => !database.includes(one)))
}

function minus(whole: number | null, base: number | null, share = 1): number | null {
  return whole === null || base === null ? null : (whole - base) / share
}

async function withStore(room: Room, dataDir: string, work: (store: OpenStore) => Promise<void>): Promise<void> {
  const store = await openStore(room, dataDir)
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

async function reached(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`)
    await wait(200)
  }
}
