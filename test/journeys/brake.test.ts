import { afterAll, expect, it, vi } from 'vitest'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { publishingState } from '../../src/outbox/switch.ts'
import { replaceFreezes } from '../../src/publishing/freezes.ts'
import { testDatabase } from '../support/database.ts'
import { employ } from '../support/employ.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, facebook, zalo, town } = office
afterAll(() => office.stop())

const officersChat = { group: town.zalo.officersGroup }
const own = { account: town.zalo.uid, person: 'hoa' }

it('who does not administer stops nothing', async () => {
  zalo.say({ ...own, text: 'Dừng đăng' })

  await until(() => read(own, 'chưa được giao quyền'), { what: 'the officer is told' })
  expect((await publishingState(app.db)).isOn).toBe(true)
})

it('once the stop is committed nothing public begins that was not under way, and afterwards all of it goes out', async () => {
  await employ(app.db, 'Phan Thị Hoa', 'administers')
  const commentIds = Array.from({ length: 8 }, (_, n) => comment(`Cho hỏi thủ tục số ${n} cần giấy tờ gì?`))
  await until(() => commentIds.some((id) => replies(id).length > 0), { what: 'the first receipts are public' })

  zalo.say({ ...own, text: 'dừng đăng: sai số liệu' })
  await until(async () => !(await publishingState(app.db)).isOn, { everyMs: 1, what: 'the stop is committed' })
  const before = new Set(await begun())

  const told = await until(() => read(own, 'Đã dừng đăng'), { what: 'the officer is told what is held' })
  expect(told.text).toMatch(/Đang chờ tới lượt: \d+/)
  const card = await until(() => read(officersChat, 'mới · DH-', 'thủ tục số 7'), { what: 'officers go on working' })
  zalo.say({ ...officersChat, person: 'tam', text: 'Cần CCCD.', quote: card.msgId })
  await until(async () => (await pendingAnswers()) === 1, { what: 'the answer waits' })
  await until(() => read(officersChat, 'Hiện đang dừng đăng', codeIn(card.text)), { what: 'who answered is told so' })
  await until(async () => (await publishingState(app.db)).underway === 0, { what: 'what was under way is over' })
  expect((await begun()).filter((id) => !before.has(id))).toEqual([])
  const standing = commentIds.flatMap((id) => replies(id)).length
  expect(standing).toBeLessThanOrEqual(before.size)
  expect(await changes()).toEqual([{ what: 'stopped', displayName: 'Phan Thị Hoa', reason: 'sai số liệu' }])

  zalo.say({ ...own, text: 'Đăng tiếp' })

  await until(() => commentIds.every((id) => replies(id).length > 0), { what: 'everything is public' })
  await until(() => replies(commentIds.at(-1) ?? '').some((text) => text.includes('CCCD')), { what: 'also the answer' })
  await until(() => read(own, 'Đã đăng tiếp'), { what: 'the officer is told' })
  expect(commentIds.every((id) => replies(id).length === 1 || id === commentIds.at(-1))).toBe(true)
})

it('in the officers’ group the brake is not pulled', async () => {
  zalo.say({ ...officersChat, person: 'hoa', text: 'dừng đăng' })

  await until(() => read(officersChat, 'chỉ nhận trong tin nhắn riêng'), { what: 'the officer is told' })
  expect((await publishingState(app.db)).isOn).toBe(true)
})

it('in a freeze officers work on, nothing is public, and what waited goes out by itself when it is over', async () => {
  const startsAt = plusMs(new Date(), -1)
  await freeze(startsAt, plusMs(startsAt, 3_600_000))
  const commentId = comment('Cho hỏi danh sách hộ nghèo niêm yết ở đâu?')
  const card = await until(() => read(officersChat, 'mới · DH-', 'hộ nghèo'), { what: 'the card is there' })
  zalo.say({ ...officersChat, person: 'tam', text: 'Tại nhà văn hóa xóm.', quote: card.msgId })
  await until(() => read(officersChat, 'tạm ngừng đến', codeIn(card.text)), { what: 'who answered is told so' })
  expect(replies(commentId)).toEqual([])

  const endsAt = plusMs(new Date(), 1_000)
  await freeze(startsAt, endsAt)

  await until(() => replies(commentId).length > 0, { what: 'the answer is public' })
  expect(Date.now()).toBeGreaterThanOrEqual(endsAt.getTime())
  expect(replies(commentId)).toEqual([expect.stringContaining('nhà văn hóa xóm')])
})

async function freeze(startsAt: Date, endsAt: Date): Promise<void> {
  const freezes = [{ unitId: null, startsAt, endsAt, reason: 'bầu cử' }]
  await transaction(app.db, 'apply-setup', (tx) => replaceFreezes(tx, freezes))
}

function comment(text: string): string {
  const author = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
  // Each under a post of its own: two questions of a person in one place would be one case.
  const postId = facebook.addPost(town.pageId, { text: 'Dân hỏi – Mặt trận trả lời' })
  return facebook.comment({ pageId: town.pageId, postId, author, text })
}

function read(chat: Parameters<typeof zalo.conversation>[0], ...words: string[]) {
  return zalo.conversation(chat).find(({ text }) => words.every((word) => text.includes(word)))
}

function codeIn(text: string): string {
  return /DH-\w{3}-\w{3}/.exec(text)?.[0] ?? 'no code'
}

function replies(commentId: string): string[] {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find(({ id }) => id === commentId)?.replies.map((reply) => reply.text) ?? []
}

/** Everything public that has ever been claimed. */
async function begun(): Promise<string[]> {
  const rows = await app.db
    .selectFrom('outbox')
    .select('id')
    .where('audience', '=', 'public')
    .where('firstClaimedAt', 'is not', null)
    .execute()
  return rows.map(({ id }) => id)
}

async function pendingAnswers(): Promise<number> {
  const rows = app.db.selectFrom('outbox').select('id').where('kind', '=', 'answer').where('state', '=', 'pending')
  return (await rows.execute()).length
}

function changes() {
  return app.db
    .selectFrom('publishingChanges')
    .innerJoin('officers', 'officers.id', 'publishingChanges.officerId')
    .select(['what', 'displayName', 'reason'])
    .orderBy('publishingChanges.id')
    .execute()
}
