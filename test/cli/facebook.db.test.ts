import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import { normalise } from '../../bots/facebook/normalise.ts'
import { startFacebookSim } from '../../sim/facebook/server.ts'
import { findAccount, openSecret } from '../../src/accounts/store.ts'
import { findWatched } from '../../src/channels/store.ts'
import { recordNext } from '../../src/intake/record.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { emptyTables } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'

vi.setConfig({ testTimeout: 180_000 }) // each command is a process of its own

const root = fileURLToPath(new URL('../../', import.meta.url))
const { db, connection } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'danhoi-facebook-'))
const app = { appId: '3300000000000001', appSecret: '0123456789abcdef0123456789abcdef', verifyToken: 'verify-token' }
/** A clock of the simulator that a test can move: what was written is then old enough to be read. */
let behindMs = 0
const sim = await startFacebookSim({ allow: true, ...app, now: () => Date.now() - behindMs })
afterAll(async () => {
  await sim.stop()
  await rm(folder, { recursive: true })
})

const key = Buffer.alloc(32, 3).toString('base64')
const keyRing = parseKeyRing(key)
const pageId = '100000000000101'
const token = 'PAGE_TOKEN_101'
const unit = { code: 'xa-tri-le', name: 'Xã Tri Lễ', kind: 'commune', signature: 'Ủy ban MTTQ Việt Nam xã Tri Lễ' }
const account = { platform: 'facebook', id: pageId, name: 'Mặt trận xã Tri Lễ', unit: unit.code }

beforeEach(async () => {
  await emptyTables(db)
  behindMs = 0
  sim.addPage({ id: pageId, name: 'Mặt trận xã Tri Lễ', token, subscribed: false })
  sim.addUser({ id: '10', name: 'Dân hỏi', token: 'SYSTEM_USER_TOKEN', pageIds: [pageId], kind: 'SYSTEM_USER' })
  await applySetup(db, keyRing, readSetup(JSON.stringify({ units: [unit], accounts: [account] })), new Date())
})

/** Runs the command as an operator does. */
async function facebook(
  words: readonly string[],
  stdin = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['src/cli.ts', 'facebook', ...words], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl(connection),
      SECRET_KEY: key,
      SIMULATORS: 'allow',
      FACEBOOK_APP_ID: app.appId,
      FACEBOOK_APP_SECRET: app.appSecret,
      FACEBOOK_VERIFY_TOKEN: app.verifyToken,
      FACEBOOK_GRAPH_URL: sim.url,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(stdin)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, out, err }
}

async function page() {
  const found = await findAccount(db, 'facebook', pageId)
  if (found === null) throw new Error('the Page is gone')
  return found
}

it('a system user’s token connects the Page: its own token is kept, it is subscribed, and what is left is said', async () => {
  const { code, out } = await facebook(['connect', pageId], 'SYSTEM_USER_TOKEN\n')

  expect(code).toBe(0)
  expect(out).toContain('đã giữ kín mã truy cập của trang 100000000000101 (mã của người dùng hệ thống)')
  expect(out).toContain('đã đăng ký nhận thông báo của trang')
  expect(out).toContain('[THIẾU]     Chưa thấy sự kiện thật nào từ khi kết nối.')
  expect(await openSecret(db, keyRing, (await page()).id)).toBe(token)
  expect(sim.subscribedFields(pageId)).toContain('feed')
  expect(await findWatched(db, (await page()).id)).toMatchObject({ state: 'connected', connectedAt: expect.any(Date) })
})

it('a token without its permissions is not kept, and each of them is named', async () => {
  sim.describeToken(pageId, { scopes: ['pages_manage_metadata', 'pages_read_engagement', 'pages_messaging'] })

  const { code, err } = await facebook(['connect', pageId], token)

  expect(code).toBe(1)
  expect(err.trim().split('\n')).toEqual([
    'không giữ mã này: mã này thiếu quyền',
    '  Thiếu quyền pages_read_user_content (đọc bình luận của người dân và biết ai viết).',
    '  Thiếu quyền pages_manage_engagement (trả lời bình luận thay mặt trang).',
  ])
  expect(await page()).toMatchObject({ loginNumber: 0 })
})

it('the doctor ends with 1 while something is left to do, and with 0 when nothing is', async () => {
  expect(await facebook(['doctor', pageId])).toMatchObject({
    code: 1,
    out: expect.stringContaining('[THIẾU]     Trang chưa có mã truy cập'),
  })
  await facebook(['connect', pageId], token)
  await db
    .updateTable('accounts')
    .set({ lastEventAt: new Date(Date.now() + 1) })
    .execute()

  const { code, out } = await facebook(['doctor'])

  expect(out).toContain('[đạt]       Mã truy cập còn hiệu lực, đúng ứng dụng, đúng trang.')
  expect(out).toContain('[chưa rõ]')
  expect(out).not.toContain('THIẾU')
  expect(code).toBe(0)
})

it('reading by hand tells what it found, what was known and what is new', async () => {
  await facebook(['connect', pageId], token)
  behindMs = 2 * 86_400_000
  const postId = sim.addPost(pageId, { text: 'Dân hỏi' })
  const author = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
  sim.comment({ pageId, postId, author, text: 'Một' })
  sim.comment({ pageId, postId, author, text: 'Hai' })
  behindMs = 0
  sim.comment({ pageId, postId, author, text: 'Vừa xong' })

  const first = await facebook(['reconcile', pageId])
  await recordNext(db, normalise, new Date())
  const second = await facebook(['reconcile', pageId])
  const today = await facebook(['reconcile', pageId, '--since', new Date(Date.now() - 86_400_000).toISOString()])

  expect(first).toMatchObject({ code: 0, out: 'trên trang: 2\nđã biết: 0\nmới đưa vào: 2\nvừa viết, còn chờ: 1\n' })
  expect(second.out).toBe('trên trang: 2\nđã biết: 2\nmới đưa vào: 0\nvừa viết, còn chờ: 1\n')
  expect(today.out).toBe('trên trang: 0\nđã biết: 0\nmới đưa vào: 0\nvừa viết, còn chờ: 1\n')
})

it.each([
  [['connect']],
  [['connect', 'abc']],
  [['doctor', pageId, 'more']],
  [['reconcile']],
  [['reconcile', pageId, '--since', 'yesterday']],
  [['reconcile', pageId, '--until', '2026-03-01']],
  [['mend', pageId]],
])('%j is wrong usage', async (words) => {
  expect(await facebook(words)).toMatchObject({
    code: 2,
    err: expect.stringContaining('usage: facebook connect PAGE_ID'),
  })
})

it('a Page that nobody has declared is refused', async () => {
  const { code, err } = await facebook(['connect', '999'], token)

  expect({ code, err }).toEqual({ code: 1, err: 'Page 999 is not known: import it first\n' })
})
