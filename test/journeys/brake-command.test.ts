import { afterAll, expect, it, vi } from 'vitest'
import { openDb, openPool } from '../../src/db/client.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { createTestDatabase } from '../support/database.ts'
import { openStage } from '../support/stage.ts'
import { furnishDatabase, secretKey } from '../support/town-database.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const { connection, drop } = await createTestDatabase()
// At this pace the sweep, which would find everything in the end, comes once in half a minute.
const stage = await openStage({ store: { connection }, pace: 0.5 })
const { facebook, zalo, town } = stage
await furnishDatabase(connection, parseKeyRing(secretKey), town, zalo)
const pool = openPool(connection, 'app,public', 2, () => {})
const db = openDb(pool)
const program = stage.start()
await program.started
afterAll(async () => {
  await program.stop()
  await pool.end()
  await stage.close()
  await drop()
})

const soon = { timeoutMs: 8_000 }

it('a running program obeys the command line at once', async () => {
  expect(await danhoi('publishing', 'stop', 'sai', 'số', 'liệu')).toEqual([
    0,
    'publishing is stopped (sai số liệu); 0 waiting, 0 under way, 0 held',
  ])
  const commentId = comment('Cho hỏi lịch tiêm chủng tháng này?')
  await until(async () => (await states()).includes('pending'), { what: 'the receipt waits' })
  expect(replies(commentId)).toEqual([])

  expect((await danhoi('publishing', 'resume'))[1]).toMatch(/^publishing is on/)

  await until(() => replies(commentId).length === 1, { ...soon, what: 'the receipt is public' })
})

it('modes are said, shown and taken back, and what is held goes out by a command alone', async () => {
  const mode = ['publishing', 'mode']
  expect((await danhoi(...mode, 'approve_all', '--unit', 'tinh-nghe-an', '--reason', 'thí điểm'))[0]).toBe(0)
  const commentId = comment('Cho hỏi khi nào họp xóm Minh Sơn?')
  const card = await until(
    () => zalo.conversation(officersChat).find(({ text }) => text.includes('mới · DH-') && text.includes('Minh Sơn')),
    { what: 'the card is there' },
  )
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tối thứ bảy.', quote: card.msgId })
  await until(async () => (await states()).includes('held'), { what: 'the answer is held' })

  const [, report] = await danhoi('publishing', 'status')
  expect(report).toMatch(/unit tinh-nghe-an +approve_all/)
  expect(report).toMatch(
    /account facebook 100000000000101 +publish; 1 held for approval, 1 of them without anybody to ask/,
  )
  expect(await danhoi('publishing', 'release')).toEqual([
    0,
    '0 let go; 1 stay held, because their mode does not allow them to leave',
  ])
  const [, unset] = await danhoi(...mode, 'unset', '--unit', 'tinh-nghe-an')
  expect(unset).toContain('nothing that was held is let go by that')
  expect(unset).toContain('1 held')
  expect(replies(commentId)).toEqual([])

  expect((await danhoi('publishing', 'release', '--account', town.pageId))[1]).toMatch(/^1 let go; 0 stay held/)

  await until(() => replies(commentId).some((text) => text.includes('Tối thứ bảy')), { ...soon, what: 'it is public' })
  const changes = await db
    .selectFrom('publishingChanges')
    .select(['what', 'mode', 'reason'])
    .where('actor', 'like', 'command line%')
    .orderBy('id')
    .execute()
  expect(changes).toEqual([
    { what: 'stopped', mode: null, reason: 'sai số liệu' },
    { what: 'resumed', mode: null, reason: null },
    { what: 'mode', mode: 'approve_all', reason: 'thí điểm' },
    { what: 'mode', mode: null, reason: null },
    { what: 'released', mode: null, reason: null },
  ])
})

it.each<[string, string[], number, string]>([
  ['no order', [], 2, 'usage: publishing'],
  ['a mode nobody knows', ['mode', 'quiet'], 2, 'usage: publishing'],
  ['two scopes', ['mode', 'publish', '--unit', 'a', '--account', 'b'], 2, 'usage: publishing'],
  ['an account that is not there', ['mode', 'publish', '--account', '1'], 1, 'there is no account 1'],
  ['a unit that is not there', ['mode', 'publish', '--unit', 'xa-x'], 1, 'there is no unit xa-x'],
])('%s is refused', async (_what, words, code, sentence) => {
  const [ended, said] = await danhoi('publishing', ...words)

  expect(ended).toBe(code)
  expect(said).toContain(sentence)
})

const officersChat = { group: town.zalo.officersGroup }

async function danhoi(...words: string[]): Promise<[number | null, string]> {
  const child = stage.command(words)
  const { code } = await child.ended
  return [code, child.lastLines().join('\n')]
}

function comment(text: string): string {
  const author = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author, text })
}

function replies(commentId: string): string[] {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies.map((reply) => reply.text) ?? []
}

async function states(): Promise<string[]> {
  const rows = await db.selectFrom('outbox').select('state').where('audience', '=', 'public').execute()
  return rows.map(({ state }) => state)
}
