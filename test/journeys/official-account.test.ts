import { afterAll, afterEach, expect, it } from 'vitest'
import { writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import { how } from '../../sim/zalo-oa/how.ts'
import { startZaloOaSim } from '../../sim/zalo-oa/server.ts'
import { findAccount, saveLogin } from '../../src/accounts/store.ts'
import { resumeLane } from '../../src/outbox/lane.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const oaId = '388613280878808645'
const secretKey = 'simulated-oa-secret-key'
const app = { appId: '360846524940903967', appSecret: 'simulated-app-secret' }
const hour = 3_600_000

const oa = await startZaloOaSim({ allow: true, ...app, retryScale: 0.001 })
const pair = oa.addOa({ id: oaId, name: 'Mặt trận xã Cát Ngạn', secretKey })
for (const id of ['lan', 'binh', 'mai', 'cuc', 'dao']) oa.addPerson({ id, name: id })
const { connection } = await testDatabase()
const office = await openOffice(connection, {
  ZALO_OA_APP_ID: app.appId,
  ZALO_OA_APP_SECRET: app.appSecret,
  ZALO_OA_URL: oa.url,
})
const { zalo, town } = office
const { db, keyRing, url } = office.app
await connectOa()
await oa.setWebhook(`${url}/webhooks/zalo-oa/${oaId}`)
afterEach(() => oa.heal())
afterAll(async () => {
  await office.stop()
  await oa.stop()
})

const officersChat = { group: town.zalo.officersGroup }

it('a question to the Official Account is answered there, quoting it, once', async () => {
  const asked = oa.say({ oaId, person: 'lan', text: 'Cho hỏi giờ tiếp dân của xã ạ?' })
  const card = await cardAbout('giờ tiếp dân')
  expect(card.text).toMatch(/Trả lời riêng được đến/)
  expect(card.text).toMatch(/mỗi tin gửi đi mất phí/)

  zalo.say({ ...officersChat, person: 'hoa', text: 'Sáng thứ Hai hằng tuần ạ.', quote: card.msgId })

  const answer = await until(() => answersTo('lan', 'Sáng thứ Hai')[0], { what: 'the answer is in the chat' })
  await until(() => officersRead('Đã gửi câu trả lời cho người hỏi'), { what: 'the officer is told' })
  expect(answer).toMatchObject({ fromOa: true, quoteMsgId: asked })
  expect(answer.text).toMatch(/Mã: DH-\w{3}-\w{3} · 2$/)
  expect(answersTo('lan', 'Sáng thứ Hai')).toHaveLength(1)
})

it('doubled and overtaken webhooks, a dead token and an answer without an answer: still once', async () => {
  oa.weather({ duplicates: 2, concurrency: 4, ownEcho: 'never' })
  oa.say({ oaId, person: 'binh', text: 'Xin hỏi lịch tiêm phòng cho trâu bò?' })
  const card = await cardAbout('tiêm phòng')
  await until(() => confirmedFor('binh', 1), { what: 'the acknowledgement is confirmed' })
  oa.endAccess(oaId)
  oa.fail({ match: { path: /message\/cs$/u, text: /Thứ Bảy/u }, how: how.doneThenReset(), skip: 1 })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Thứ Bảy tuần này ạ.', quote: card.msgId })

  await until(() => confirmedFor('binh', 2), { what: 'the answer is confirmed' })
  expect(oa.log.some((entry) => entry.kind === 'call' && entry.fault === 'done-then-reset')).toBe(true)
  expect(answersTo('binh', 'Thứ Bảy')).toHaveLength(1)
  const chat = oa.userIdOf(oaId, 'binh')
  const said = await db
    .selectFrom('events')
    .select('id')
    .where('placeId', '=', chat)
    .where('kind', '=', 'message')
    .execute()
  expect(said).toHaveLength(1)
})

it('a send that was cut off before anything happened is made again, once', async () => {
  oa.say({ oaId, person: 'mai', text: 'Cho hỏi khi nào có điện lại?' })
  const card = await cardAbout('có điện lại')
  oa.fail({ match: { text: /Chiều nay/u }, how: how.resetBefore() })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Chiều nay có điện ạ.', quote: card.msgId })

  await until(() => answersTo('mai', 'Chiều nay').length > 0, { what: 'the answer is in the chat' })
  await until(() => confirmedFor('mai', 2), { what: 'the answer is confirmed' })
  expect(answersTo('mai', 'Chiều nay')).toHaveLength(1)
})

it('what is forged, stale or about another OA is answered 200, counted and dropped', async () => {
  for (const what of ['wrong_mac', 'no_mac', 'stale'] as const) oa.spoil({ do: what })
  for (const text of ['giả một', 'giả hai', 'cũ']) oa.say({ oaId, person: 'mai', text })
  oa.addOa({ id: '999000000000000001', name: 'Của ai đó', secretKey: 'somebody-else' })
  oa.say({ oaId: '999000000000000001', person: 'mai', text: 'của OA khác' })
  await oa.idle()

  await until(async () => (await counted()).reduce((sum, { amount }) => sum + Number(amount), 0) >= 5, {
    what: 'all of them are counted',
  })
  expect(await counted()).toEqual([
    { reason: 'bad_signature', amount: '2' },
    { reason: 'stale', amount: '1' },
    { reason: 'unknown_account', amount: '2' }, // the portal's check too
  ])
  const statuses = oa.log.flatMap((entry) => (entry.kind === 'delivery' ? [entry.status] : []))
  expect(new Set(statuses)).toEqual(new Set([200]))
  const kept = await db.selectFrom('events').select('text').where('text', 'in', ['giả một', 'giả hai', 'cũ']).execute()
  expect(kept).toEqual([])
})

it('an officer who types in Zalo’s own console has answered', async () => {
  oa.say({ oaId, person: 'cuc', text: 'Cho hỏi thủ tục khai sinh?' })
  await cardAbout('khai sinh')

  oa.officerTypes({ oaId, person: 'cuc', text: 'Bà mang giấy chứng sinh tới xã ạ.' })

  await until(async () => (await statusOf('khai sinh')) === 'answered_outside', {
    what: 'the case is answered outside',
  })
  expect(answersTo('cuc', 'giấy chứng sinh')).toHaveLength(1)
})

it('an answer after the seven days is not sent, and the officers learn why', async () => {
  oa.say({ oaId, person: 'dao', text: 'Cho hỏi mức hỗ trợ hộ nghèo?' })
  const card = await cardAbout('hộ nghèo')
  await until(() => confirmedFor('dao', 1), { what: 'the acknowledgement is confirmed' })
  oa.age({ oaId, person: 'dao', ms: 8 * 24 * hour })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Theo chuẩn mới ạ.', quote: card.msgId })

  await until(() => officersRead('câu trả lời chưa gửi được'), { what: 'the officers are told' })
  expect(answersTo('dao', 'Theo chuẩn mới')).toEqual([])
})

it('a person who wants their data deleted is written down, and those on duty read of it once', async () => {
  oa.withdraw({ oaId, person: 'lan' })

  await until(() => officersRead('yêu cầu xóa dữ liệu của mình'), { what: 'the officers are told' })
  const requests = await db.selectFrom('platformRequests').select(['platform', 'kind']).execute()
  expect(requests).toEqual([{ platform: 'zalo_oa', kind: 'data_deletion' }])
})

it('an OA whose tokens died is told of once, what waits for it goes out after a new consent, and that is told', async () => {
  oa.say({ oaId, person: 'lan', text: 'Cho hỏi lịch cấp nước sạch?' })
  const card = await cardAbout('cấp nước sạch')
  await until(() => confirmedFor('lan', 3), { what: 'the acknowledgement is confirmed' })
  oa.endPairs(oaId)

  zalo.say({ ...officersChat, person: 'hoa', text: 'Đầu tháng sau ạ.', quote: card.msgId })
  await until(() => officersRead('cần người quản trị OA đồng ý cấp quyền lại'), { what: 'the officers are told' })
  expect(answersTo('lan', 'Đầu tháng sau')).toEqual([])

  const { accessToken, refreshToken, expiresIn } = oa.addOa({ id: oaId, name: 'Mặt trận xã Cát Ngạn', secretKey })
  const account = await findAccount(db, 'zalo_oa', oaId)
  if (account === null) throw new Error('the Official Account is not set up')
  const credentials = { v: 1, accessToken, refreshToken, accessUntil: Date.now() + expiresIn * 1000 } as const
  await saveLogin(db, keyRing, account.id, writeCredentials({ ...credentials, webhookSecrets: [secretKey] }))
  await resumeLane(db, account.id, new Date())

  await until(() => answersTo('lan', 'Đầu tháng sau').length > 0, {
    what: 'the answer is in the chat',
    timeoutMs: 60_000,
  })
  await until(() => officersRead('đã hoạt động trở lại'), { what: 'the officers are told', timeoutMs: 60_000 })
  const read = zalo.conversation(officersChat).filter(({ text }) => text.includes('đồng ý cấp quyền lại'))
  expect(read).toHaveLength(1)
  expect(answersTo('lan', 'Đầu tháng sau')).toHaveLength(1)
}, 120_000)

/** The commune has an Official Account, and an admin of it has agreed to our app. */
async function connectOa(): Promise<void> {
  const account = { platform: 'zalo_oa', id: oaId, name: 'Mặt trận xã Cát Ngạn', unit: 'xa-cat-ngan', mode: 'publish' }
  const setup = readSetup(JSON.stringify({ ...town.setup, accounts: [account] }))
  await applySetup(db, keyRing, setup, new Date())
  const { id } = (await findAccount(db, 'zalo_oa', oaId)) ?? {}
  if (id === undefined) throw new Error('the Official Account is not set up')
  const { accessToken, refreshToken, expiresIn } = pair
  const accessUntil = Date.now() + expiresIn * 1000
  const credentials = { v: 1, accessToken, refreshToken, accessUntil, webhookSecrets: [secretKey] } as const
  await saveLogin(db, keyRing, id, writeCredentials({ ...credentials, webhookSecrets: [secretKey] }))
}

function cardAbout(words: string) {
  return until(
    () =>
      zalo
        .conversation(officersChat)
        .find((message) => message.text.includes('mới · DH-') && message.text.includes(words)),
    { what: `the card about “${words}” is in the officers’ chat`, timeoutMs: 60_000 },
  )
}

function officersRead(words: string): boolean {
  return zalo.conversation(officersChat).some((message) => message.text.includes(words))
}

function answersTo(person: string, words: string) {
  return oa.conversation(oaId, person).filter(({ fromOa, text }) => fromOa && text.includes(words))
}

async function confirmedFor(person: string, amount: number): Promise<boolean> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('placeId', '=', oa.userIdOf(oaId, person))
    .where('state', '=', 'confirmed')
    .execute()
  return rows.length === amount
}

async function counted() {
  return db
    .selectFrom('counters')
    .select(['reason', 'amount'])
    .where('name', '=', 'refused_zalo_oa')
    .orderBy('reason')
    .execute()
}

async function statusOf(words: string): Promise<string | undefined> {
  const found = await db
    .selectFrom('events')
    .innerJoin('cases', 'cases.originEventId', 'events.id')
    .select('cases.status')
    .where('events.text', 'like', `%${words}%`)
    .executeTakeFirst()
  return found?.status
}
