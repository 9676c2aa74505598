import { afterAll, expect, it, vi } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until as untilIn } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, zalo, town } = office
afterAll(() => office.stop())

const group = { group: town.zalo.residentsGroup }
const officersChat = { group: town.zalo.officersGroup }
const ourselves = { ...group, account: town.zalo.uid }

const until: typeof untilIn = (probe, options) => untilIn(probe, { timeoutMs: 40_000, ...options })

it('while the account is out of a group its answers wait, those on duty are told, and all goes on when it is back', async () => {
  const question = ask('#hoi Bao giờ sửa cầu treo ạ?')
  const card = await cardAbout('cầu treo')

  zalo.leaveGroup(ourselves)
  await until(() => officersRead('không còn trong nhóm “Nhóm xóm Minh Sơn”', 'thêm lại tài khoản'), {
    what: 'those on duty are told',
  })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Sửa xong trước Tết.', quote: card.msgId })
  await until(() => officersRead(codeOf(card), 'chưa gửi được', 'giữ lại'), { what: 'the officer is told' })
  expect(await rowsToGroup()).toEqual([{ state: 'pending', attempts: 0 }])
  expect(ours(question)).toEqual([])
  zalo.joinGroup(ourselves)

  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the answer stands' })
  expect(ours(question)).toHaveLength(1)
  await until(() => countOf('đã gửi tin được trở lại') > 0, { what: 'those on duty are told again' })
  expect(countOf('không còn trong nhóm')).toBe(2) // the news, and what the officer was told of the answer
  expect(countOf('đã gửi tin được trở lại')).toBe(1)
})

it('what waits for a group that only its admins may write in goes once it is unlocked', async () => {
  const question = ask('#hoi Bao giờ có sóng ở bản trên ạ?')
  const card = await cardAbout('bản trên')

  zalo.setGroup({ ...group, lockSendMsg: true })
  await until(() => officersRead('đang khóa', 'mở cho thành viên'), { what: 'those on duty are told' })
  zalo.say({ ...officersChat, person: 'tam', text: 'Quý sau có sóng.', quote: card.msgId })
  await until(() => officersRead(codeOf(card), 'chưa gửi được'), { what: 'the officer is told' })
  expect(ours(question)).toEqual([])
  zalo.setGroup({ ...group, lockSendMsg: false })

  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the answer stands' })
  expect(ours(question)).toHaveLength(1)
})

it('a lock that no event told of is found out by the refusal, and the answer waits all the same', async () => {
  const question = ask('#hoi Bao giờ chợ phiên mở lại ạ?')
  const card = await cardAbout('chợ phiên')

  zalo.setGroup({ ...group, lockSendMsg: true, silently: true })
  const before = countOf('đang khóa')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Chủ nhật này mở.', quote: card.msgId })
  await until(() => countOf('đang khóa') > before, { what: 'those on duty are told' })
  await until(async () => (await rowsToGroup()).some(({ state }) => state === 'pending'), { what: 'the answer waits' })
  expect(officersRead('không nhận câu trả lời', codeOf(card))).toBe(false)
  // As an admin the account may write there.
  zalo.setGroup({ ...group, admins: [town.zalo.uid] })

  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the answer stands' })
  expect(ours(question)).toHaveLength(1)
  zalo.setGroup({ ...group, lockSendMsg: false })
})

it('a lock that does not concern an admin is spoken of by nobody', async () => {
  const question = ask('#hoi Bao giờ làm lại nhà văn hóa ạ?')
  const card = await cardAbout('làm lại nhà văn hóa')
  const before = countOf('đang khóa')
  const { standingSince } = await standing()
  zalo.setGroup({ ...group, admins: [town.zalo.uid], silently: true })

  zalo.setGroup({ ...group, lockSendMsg: true })
  await until(async () => (await standing()).standingSince?.getTime() !== standingSince?.getTime(), {
    what: 'the lock is noticed',
  })
  await until(async () => (await standing()).standing === 'open', { what: 'asking shows that it is none for us' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Sang năm làm.', quote: card.msgId })

  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the answer stands' })
  expect(ours(question)).toHaveLength(1)
  expect(countOf('đang khóa')).toBe(before)
  zalo.setGroup({ ...group, lockSendMsg: false, admins: [] })
})

it('a hidden member list is told of once, and nothing else changes', async () => {
  zalo.setGroup({ ...group, lockViewMember: true })
  await until(() => officersRead('ẩn danh sách thành viên'), { what: 'those on duty are told' })
  zalo.setGroup({ ...group, lockViewMember: true })

  const question = ask('#hoi Bao giờ phát thẻ bảo hiểm ạ?')
  const card = await cardAbout('thẻ bảo hiểm')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tuần sau phát.', quote: card.msgId })

  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the answer stands' })
  expect(ours(question)).toHaveLength(1)
  expect(countOf('ẩn danh sách thành viên')).toBe(1)
})

it('when the officers’ own group is closed they get new cards 1:1, and are told so there', async () => {
  zalo.leaveGroup({ ...officersChat, account: town.zalo.uid })
  await until(() => readBy('hoa', 'không còn trong nhóm “Cán bộ', 'gửi riêng'), { what: 'an officer is told 1:1' })

  ask('#hoi Bao giờ khai giảng ạ?')

  await until(() => readBy('hoa', 'mới · DH-', 'khai giảng'), { what: 'the card comes 1:1' })
  zalo.joinGroup({ ...officersChat, account: town.zalo.uid })
  await until(() => officersRead('Cán bộ MTTQ', 'đã gửi tin được trở lại'), { what: 'it is open again' })
})

it('of a group that is dissolved those on duty learn that its questions need another way', async () => {
  zalo.dissolveGroup(group)

  await until(() => officersRead('đã bị giải tán', 'bằng cách khác'), { what: 'those on duty are told' })
  expect((await standing()).standing).toBe('dissolved')
  const ready = await fetch(`${app.url}/health/ready`)
  expect(await ready.text()).toMatch(/zalo group \d+": ?"dissolved since/)
})

function standing() {
  return app.db
    .selectFrom('groups')
    .select(['standing', 'standingSince'])
    .where('audience', '=', 'residents')
    .executeTakeFirstOrThrow()
}

function ask(text: string): string {
  return zalo.say({ ...group, person: 'lan', text }).id
}

function ours(messageId: string) {
  return zalo.conversation(group).filter(({ by, quote }) => 'account' in by && quote?.msgId === messageId)
}

async function cardAbout(words: string) {
  return until(
    () => zalo.conversation(officersChat).find(({ text }) => text.includes('mới · DH-') && text.includes(words)),
    { what: `the card about “${words}”` },
  )
}

/** What of ours is meant for the residents' group and is not there yet. */
function rowsToGroup() {
  return app.db
    .selectFrom('outbox')
    .select(['state', 'attempts'])
    .where('placeId', '=', zalo.groupIdFor(town.zalo.residentsGroup, town.zalo.uid))
    .where('state', 'not in', ['confirmed', 'cancelled'])
    .execute()
}

function officersRead(...words: string[]): boolean {
  return zalo.conversation(officersChat).some(({ text }) => words.every((word) => text.includes(word)))
}

function countOf(words: string): number {
  return zalo.conversation(officersChat).filter(({ text }) => text.includes(words)).length
}

function readBy(person: string, ...words: string[]): boolean {
  const chat = zalo.conversation({ account: town.zalo.uid, person })
  return chat.some(({ text }) => words.every((word) => text.includes(word)))
}

function codeOf(card: { readonly text: string }): string {
  return card.text.match(/DH-\w{3}-\w{3}/)?.[0] ?? ''
}
