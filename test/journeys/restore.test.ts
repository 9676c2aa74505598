import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { backup } from '../../src/backup/backup.ts'
import { restore } from '../../src/backup/restore.ts'
import { openDb, openPool } from '../../src/db/client.ts'
import { migrate, migrationsFolder } from '../../src/db/migrate.ts'
import { distrustUnsent } from '../../src/outbox/after-restore.ts'
import { createTestDatabase, testDatabase } from '../support/database.ts'
import { openOffice, startPlatforms } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const platforms = await startPlatforms()
const { facebook, zalo } = platforms
const folder = await mkdtemp(join(tmpdir(), 'danhoi-restore-'))
const second = await createTestDatabase()
afterAll(async () => {
  await facebook.stop()
  await zalo.stop()
  await second.drop()
  await rm(folder, { recursive: true, force: true })
})

it('after a restore an open case is answered, and what was sent after the backup is not said again', async () => {
  const before = await openOffice(connection, {}, platforms)
  const { town } = before
  const officersChat = { group: town.zalo.officersGroup }
  const cards = (words: string) =>
    zalo
      .conversation(officersChat)
      .filter((message) => message.text.includes('mới · DH-') && message.text.includes(words))
  const comment = (text: string) =>
    facebook.comment({ pageId: town.pageId, postId: town.postId, author: { id: '240001', name: 'Gia' }, text })
  const replies = (commentId: string) =>
    facebook
      .wall(town.pageId)
      .posts.flatMap((post) => post.comments)
      .find(({ id }) => id === commentId)?.replies ?? []
  const says = (commentId: string, words: string) => replies(commentId).filter((reply) => reply.text.includes(words))

  const open = comment('Cho hỏi bao giờ có điện lại ở xóm trên?')
  const [openCard] = await until(() => nonEmpty(cards('có điện lại')), { what: 'the open case has its card' })
  const answered = comment('Cho hỏi hồ sơ khai sinh nộp ở đâu?')
  const [answeredCard] = await until(() => nonEmpty(cards('khai sinh')), { what: 'the other case has its card' })
  // Publishing stands still while the backup is made, so that the answer is in it as something not yet sent.
  await before.app.db.updateTable('switches').set({ isOn: false }).execute()
  zalo.say({ ...officersChat, person: 'hoa', text: 'Nộp tại bộ phận một cửa.', quote: answeredCard?.msgId ?? '' })
  await until(async () => (await pendingAnswers(before.app.db)) === 1, { what: 'the answer waits' })
  await backup({ connection, dir: folder, kind: 'manual', now: new Date(), filesFolder: null })
  await before.app.db.updateTable('switches').set({ isOn: true }).execute()
  await before.app.queues.wake('send-facebook')
  await until(() => says(answered, 'một cửa').length > 0, { what: 'the answer is public' })
  await before.app.stop()

  await restore({ connection: second.connection, from: folder, migrationsFolder, filesFolder: null })
  const pool = openPool(second.connection, 'app,public', 2, () => {})
  await migrate(pool, { folder: migrationsFolder })
  await distrustUnsent(openDb(pool), new Date())
  await openDb(pool).updateTable('switches').set({ isOn: true }).execute()
  await pool.end()
  const after = await openOffice(second.connection, {}, platforms)
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tám giờ tối nay có điện.', quote: openCard?.msgId ?? '' })

  await until(() => says(open, 'Tám giờ tối nay').length > 0, { what: 'the open case is answered' })
  await until(async () => (await statesOf(after.app.db)).every((state) => state === 'confirmed'), {
    what: 'every answer is known to stand',
  })
  expect(says(answered, 'một cửa')).toHaveLength(1)
  expect(cards('có điện lại')).toHaveLength(1)
  await after.app.stop()
}, 180_000) // it starts the product twice

type Db = ReturnType<typeof openDb>

async function pendingAnswers(db: Db): Promise<number> {
  return (
    await db.selectFrom('outbox').select('id').where('kind', '=', 'answer').where('state', '=', 'pending').execute()
  ).length
}

async function statesOf(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('outbox').select('state').where('kind', '=', 'answer').execute()
  return rows.map((row) => row.state)
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | null {
  return list.length > 0 ? list : null
}
