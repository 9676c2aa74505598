import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeSession, type ZaloSession } from '../../bots/zalo/session.ts'
import { shippedPacing } from '../../config/pacing.ts'
import { agree } from '../../sim/settle.ts'
import { startZaloBotSim } from '../../sim/zalo-bot/server.ts'
import { findAdmin, withdrawConsent } from '../../src/accounts/consent.ts'
import { gapsSince } from '../../src/accounts/coverage.ts'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { type Account, findAccount, saveLogin } from '../../src/accounts/store.ts'
import { connectBot } from '../../src/assembly/connect-bot.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

/** The page docs/zalo-account-lost.vi.md, walked from its first line to its last. */
const { connection } = await testDatabase()
const bots = await startZaloBotSim({ allow: true, allowLoopbackWebhook: true })
const { id: bot, token } = bots.addBot({ name: 'Bot Mặt trận Cát Ngạn' })
const office = await openOffice(connection, { ZALO_BOT_URL: bots.url })
const { app, facebook, zalo, town } = office
const { db, keyRing } = app
afterAll(async () => {
  await office.stop()
  await bots.stop()
})

const unit = 'xa-cat-ngan'
const lostUid = town.zalo.uid
const newUid = '5550000000000000002'
const hoaName = 'Phan Thị Hoa'
const hoa = bots.addPerson({ id: 'hoa', name: hoaName })
const { residentsGroup, officersGroup } = town.zalo

const readByBot = (): string[] =>
  bots.conversation({ bot, person: hoa }).flatMap(({ by, text }) => ('bot' in by ? [text] : []))
const seenByBot = (part: string): Promise<string> =>
  until(() => readByBot().find((text) => text.includes(part)), { what: `the bot says “${part}”`, timeoutMs: 60_000 })
const inGroup = (group: string, part: string) => zalo.conversation({ group }).filter(({ text }) => text.includes(part))
const seenIn = (group: string, part: string) =>
  until(() => inGroup(group, part).at(0), { what: `“${part}” in ${group}`, timeoutMs: 60_000 })
const codeIn = (card: string): string => /DH-\w{3}-\w{3}/.exec(card)?.[0] ?? ''
const account = async (uid: string): Promise<Account> => {
  const found = await findAccount(db, 'zalo', uid)
  if (found === null) throw new Error(`the Zalo account ${uid} is not set up`)
  return found
}
const stateOf = async (uid: string): Promise<string> => {
  const { state } = await db
    .selectFrom('accounts')
    .select('state')
    .where('externalId', '=', uid)
    .executeTakeFirstOrThrow()
  return state
}
const readiness = async (): Promise<string> => (await fetch(`${app.url}/health/ready`)).text()
const invite = async (): Promise<string> => {
  const officer = db.selectFrom('officers').select('id').where('displayName', '=', hoaName)
  const { id } = await officer.executeTakeFirstOrThrow()
  return inviteOfficer(db, id, new Date(), 600_000)
}
/** What residents should read by way of the lost account, and cannot yet. */
const waiting = async (): Promise<string[]> => {
  const rows = db
    .selectFrom('outbox')
    .select('text')
    .where('accountId', '=', (await account(lostUid)).id)
  const texts = await rows.where('audience', '=', 'public').where('state', '=', 'pending').execute()
  return texts.map(({ text }) => text ?? '')
}

beforeAll(async () => {
  const setup = { ...town.setup, accounts: [{ platform: 'zalo_bot', id: bot, name: 'Bot Mặt trận', unit }] }
  await applySetup(db, keyRing, readSetup(JSON.stringify(setup)), new Date())
  const config = { zaloBotSimUrl: bots.url, publicUrl: app.url, pacing: shippedPacing }
  await connectBot({ db, keyRing, clock: systemClock, config }, token)
  bots.say({ bot, person: hoa, text: await invite() })
  await seenByBot(`Đã liên kết với ${hoaName}`)
}, 120_000)

let askedBefore = ''

it('Zalo locks the account: officers are told once by the bot, and readiness says so', async () => {
  zalo.say({ group: residentsGroup, person: 'lan', text: '#hoi Lịch thu gom rác xóm mình là ngày nào ạ?' })
  askedBefore = codeIn((await seenIn(officersGroup, 'thu gom rác')).text)

  zalo.failCalls({ call: 'login', do: 'code', code: 130, account: lostUid, times: null })
  zalo.failCalls({ call: '/keepalive', do: 'code', code: 600, account: lostUid, times: null })
  zalo.kick(lostUid)

  await seenByBot('nhiều lần không cho tài khoản')
  expect(readByBot().filter((text) => text.includes('nhiều lần không cho tài khoản'))).toHaveLength(1)
  expect(await readiness()).toContain(`"zalo ${lostUid}":"suspended`)
  expect(await gapsSince(db, new Date(0))).toMatchObject([{ account: lostUid, reason: 'closed_3003', became: 'lasts' }])
}, 120_000)

it('Facebook goes on, and its officers work through the bot', async () => {
  const author = { id: '24000000000000009', name: 'Nguyễn Văn Sơn' }
  const text = 'Cho hỏi xã trực tiếp dân vào thứ mấy ạ?'
  const commentId = facebook.comment({ pageId: town.pageId, postId: town.postId, author, text })
  const card = await seenByBot('trực tiếp dân vào thứ mấy')

  bots.say({ bot, person: hoa, text: `${codeIn(card)} Sáng thứ năm hằng tuần.` })

  const replies = () =>
    facebook
      .wall(town.pageId)
      .posts.flatMap(({ comments }) => comments.filter(({ id }) => id === commentId).flatMap((one) => one.replies))
      .filter((reply) => reply.text.includes('Sáng thứ năm'))
  await until(() => replies().length > 0, { what: 'the answer is public', timeoutMs: 60_000 })
  await seenByBot('đã hiện công khai')
  expect(replies()).toHaveLength(1)
}, 120_000)

it('an answer for the group waits, and is shown nowhere', async () => {
  bots.say({ bot, person: hoa, text: `${askedBefore} Thứ ba và thứ sáu hằng tuần.` })

  await until(async () => (await waiting()).some((text) => text.includes('Thứ ba và thứ sáu')), {
    what: 'the answer waits for the account',
    timeoutMs: 60_000,
  })
  expect(inGroup(residentsGroup, 'Thứ ba và thứ sáu')).toEqual([])
}, 120_000)

it('the lost account is given up by its admin: it stands still for good', async () => {
  const lost = await account(lostUid)
  const officerId = await findAdmin(db, lost, town.zalo.admin, new Date())

  await withdrawConsent(db, { accountId: lost.id, officerId }, new Date())

  await until(async () => (await stateOf(lostUid)) === 'stopped', { what: 'the account is stopped' })
  const logins = (): number => zalo.log.filter((entry) => entry.what === 'login').length
  const before = logins()
  await seenByBot('đang tắt')
  expect(logins()).toBe(before)
  expect(await readiness()).toContain('stopped: needs the consent of an admin')
}, 120_000)

it('another account is taken into the group, imported, agreed to and logged in: it hears and answers there', async () => {
  const { credentials } = zalo.addAccount({ uid: newUid, name: 'Mặt trận xã (mới)' })
  for (const group of [residentsGroup, officersGroup]) zalo.joinGroup({ group, account: newUid })
  const groupOf = (group: string): string => zalo.groupIdFor(group, newUid)
  const groups = [
    { id: groupOf(officersGroup), name: 'Cán bộ', unit, audience: 'officers' },
    { id: groupOf(residentsGroup), name: 'Xóm Minh Sơn', unit, audience: 'residents' },
  ]
  const taken = { platform: 'zalo', id: newUid, name: 'Mặt trận xã (mới)', unit, mode: 'publish', groups }
  await applySetup(
    db,
    keyRing,
    readSetup(JSON.stringify({ ...town.setup, officers: [], accounts: [taken] })),
    new Date(),
  )
  const opened = await account(newUid)
  const { imei, userAgent, cookie } = credentials
  const session = { v: 1, uid: newUid, imei, userAgent, language: 'vi', cookies: [...cookie] } satisfies ZaloSession
  await saveLogin(db, keyRing, opened.id, writeSession(session))
  await until(async () => (await stateOf(newUid)) === 'stopped', { what: 'it stays shut without consent' })
  expect(zalo.log.filter((entry) => entry.what === 'login' && entry.account === newUid)).toEqual([])
  await agree(db, opened, town.zalo.admin, new Date())
  await until(async () => (await stateOf(newUid)) === 'connected', { what: 'the new account', timeoutMs: 60_000 })

  zalo.say({ account: newUid, person: 'hoa', text: await invite() })
  await until(
    () => zalo.conversation({ account: newUid, person: 'hoa' }).some(({ text }) => text.includes('liên kết')),
    {
      what: 'the officer is bound anew',
      timeoutMs: 60_000,
    },
  )
  zalo.say({ group: residentsGroup, person: 'binh', text: '#hoi Bao giờ sửa đèn đường đầu xóm ạ?' })
  const card = await seenIn(officersGroup, 'sửa đèn đường')
  zalo.say({ group: officersGroup, person: 'hoa', text: 'Thợ điện tới chiều mai.', quote: card.msgId })

  await seenIn(residentsGroup, 'Thợ điện tới chiều mai')
  expect(inGroup(residentsGroup, 'Thợ điện tới chiều mai')).toHaveLength(1)
  expect(inGroup(officersGroup, 'sửa đèn đường')).toHaveLength(1)
  expect(await waiting()).toEqual([expect.stringContaining('Thứ ba và thứ sáu')])
}, 120_000)
