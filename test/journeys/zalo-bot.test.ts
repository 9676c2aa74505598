import { afterAll, beforeAll, expect, it } from 'vitest'
import { shippedPacing } from '../../config/pacing.ts'
import { how } from '../../sim/zalo-bot/how.ts'
import { startZaloBotSim } from '../../sim/zalo-bot/server.ts'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { connectBot } from '../../src/assembly/connect-bot.ts'
import { transaction } from '../../src/db/client.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { switchPublishing } from '../../src/outbox/switch.ts'
import { everywhere } from '../../src/publishing/change.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import { setMode } from '../../src/publishing/modes.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { openFileServer } from '../files/file-server.ts'
import { png } from '../files/pictures.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const sim = await startZaloBotSim({ allow: true, allowLoopbackWebhook: true })
const { id: bot, token } = sim.addBot({ name: 'Bot Mặt trận Yên Khê' })
const office = await openOffice(connection, { ZALO_BOT_URL: sim.url })
const { app } = office
afterAll(async () => {
  await office.stop()
  await sim.stop()
})

const officerName = 'Vi Thị Xuân'
const xuan = sim.addPerson({ id: 'xuan', name: officerName })
/** An officer of the town, who works by its personal account and is bound to the bot as well. */
const hoaName = 'Phan Thị Hoa'
const hoa = sim.addPerson({ id: 'hoa', name: hoaName })
/** A commune that works by its bot alone: no group of officers, no personal account. */
const commune = {
  units: [{ code: 'xa-yen-khe', name: 'Xã Yên Khê', kind: 'commune', signature: 'Ủy ban MTTQ Việt Nam xã Yên Khê' }],
  officers: [{ name: officerName, duties: [{ unit: 'xa-yen-khe', duty: 'answers' }] }],
  accounts: [{ platform: 'zalo_bot', id: bot, name: 'Bot Mặt trận Yên Khê', unit: 'xa-yen-khe', mode: 'publish' }],
}

const why = { by: { actor: 'test' }, reason: null }

const read = (person: string): string[] =>
  sim.conversation({ bot, person }).flatMap(({ by, text }) => ('bot' in by ? [text] : []))
const say = (person: string, text: string): void => void sim.say({ bot, person, text })
const seen = (person: string, part: string) =>
  until(() => read(person).find((text) => text.includes(part)), {
    what: `${person} reads “${part}”`,
    timeoutMs: 60_000,
  })
const connect = (mayUseWebhook: boolean) => {
  const config = { zaloBotSimUrl: sim.url, publicUrl: app.url, pacing: shippedPacing }
  return connectBot({ db: app.db, keyRing: app.keyRing, clock: systemClock, config }, token, { mayUseWebhook })
}

async function ask(name: string, text: string): Promise<{ person: string; card: string; code: string }> {
  const person = sim.addPerson({ id: name, name })
  say(person, text)
  const card = await seen(xuan, text)
  return { person, card, code: /DH-\w{3}-\w{3}/.exec(card)?.[0] ?? '' }
}

beforeAll(async () => {
  await applySetup(app.db, app.keyRing, readSetup(JSON.stringify(commune)), new Date())
  expect(await connect(true)).toEqual({ id: bot, name: 'Bot Mặt trận Yên Khê', by: 'webhook' })
  for (const [person, name] of [
    [xuan, officerName],
    [hoa, hoaName],
  ] as const) {
    await bind(person, name)
  }
}, 120_000)

async function bind(person: string, name: string): Promise<void> {
  const officer = app.db.selectFrom('officers').select('id').where('displayName', '=', name)
  const { id } = await officer.executeTakeFirstOrThrow()
  say(person, await inviteOfficer(app.db, id, new Date(), 600_000))
  await seen(person, `Đã liên kết với ${name}`)
}

it('an officer answers by bot: the one card shown lately is asked about, and “đúng” sends the answer once', async () => {
  const { person, card, code } = await ask('Lô Văn Hùng', 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì ạ?')
  expect(card).toContain(`Để trả lời: ghi mã ở đầu tin rồi tới câu trả lời, ví dụ: ${code}`)
  expect(card).not.toContain('nhấn giữ')

  say(xuan, 'Cần CCCD và tờ khai CT01.')
  await seen(xuan, `Tin vừa rồi là trả lời cho ${code} phải không?`)
  expect(read(person).join()).not.toContain('CT01')
  say(xuan, 'đúng')

  const answer = await seen(person, 'CT01')
  expect(answer).toMatch(new RegExp(`Mã: ${code} · \\d$`))
  await seen(xuan, `Đã gửi câu trả lời cho người hỏi · ${code}`)
  expect(read(person).filter((text) => text.includes('CT01'))).toHaveLength(1)
}, 120_000)

it('an answer that waits is taken back by its code, one that is out cannot be, and that is said', async () => {
  const { person, code } = await ask('Lữ Văn Tới', 'Cho hỏi khi nào sửa cầu treo ở bản?')
  await switchPublishing(app.db, false, why, new Date())
  say(xuan, `${code} Quý một năm sau.`)
  await seen(xuan, `Đã nhận nội dung cho ${code}`)
  say(xuan, `${code} thu hồi`)
  await seen(xuan, `Đã rút lại câu trả lời chưa đăng · ${code}`)
  await switchPublishing(app.db, true, why, new Date())

  say(xuan, `${code} Quý hai năm sau.`)
  await seen(person, 'Quý hai')
  await seen(xuan, `Đã gửi câu trả lời cho người hỏi · ${code}`)
  say(xuan, `thu hồi ${code}`)
  await seen(xuan, `${code}: câu trả lời đã gửi đi rồi`)
  expect(read(person).join()).not.toContain('Quý một')
}, 120_000)

it('whoever approves does so by the code, and by “đúng” to the words that are shown again', async () => {
  const approverName = 'Lương Văn Duyệt'
  const approver = sim.addPerson({ id: 'duyet', name: approverName })
  const duties = [{ unit: 'xa-yen-khe', duty: 'approves' }]
  const officers = [...commune.officers, { name: approverName, duties }]
  await applySetup(app.db, app.keyRing, readSetup(JSON.stringify({ ...commune, officers })), new Date())
  await bind(approver, approverName)
  const setBotMode = (to: PublishingMode): Promise<unknown> =>
    transaction(app.db, 'switch-publishing', (tx) => setMode(tx, everywhere, to, why, new Date()))
  await setBotMode('approve_all')
  try {
    const first = await ask('Lô Thị Sen', 'Cho hỏi chỗ nhận thẻ bảo hiểm y tế?')
    say(xuan, `${first.code} Tại trạm y tế.`)
    await seen(approver, `Đồng ý, xin gõ: ${first.code} duyệt`)
    say(approver, `${first.code} duyệt`)
    await seen(first.person, 'Tại trạm y tế')

    const second = await ask('Lô Thị Lan', 'Cho hỏi chỗ nộp hồ sơ hộ nghèo?')
    say(xuan, `${second.code} Tại tầng ba.`)
    await seen(approver, `Đồng ý, xin gõ: ${second.code} duyệt`)
    say(approver, 'trả lại: tầng hai mới đúng')
    await seen(approver, `Trả lại nội dung dưới đây · ${second.code} phải không?`)
    say(approver, 'đúng')
    await seen(xuan, 'tầng hai mới đúng')
    say(xuan, `${second.code} Tại tầng hai.`)
    await until(() => read(approver).filter((text) => text.includes(`${second.code} duyệt`)).length === 2, {
      what: 'the second question',
      timeoutMs: 60_000,
    })
    say(approver, `${second.code} duyệt`)
    await seen(approver, `Duyệt nội dung dưới đây · ${second.code} phải không?`)
    expect(read(second.person).join()).not.toContain('tầng')
    say(approver, 'đúng')
    await seen(second.person, 'Tại tầng hai')
    expect(read(second.person).join()).not.toContain('tầng ba')
  } finally {
    await setBotMode('publish')
  }
}, 120_000)

it('with several cards in the chat the case is named by its code', async () => {
  const first = await ask('Lương Thị Mai', 'Cho hỏi lịch tiêm phòng cho trâu bò ở bản?')
  const second = await ask('Vi Văn Cường', 'Cho hỏi khi nào chi trả tiền hỗ trợ nhà dột nát?')

  say(xuan, 'Thứ bảy tuần này, tại nhà văn hóa.')
  await seen(xuan, 'Xin gửi lại và ghi mã ở đầu tin')
  say(xuan, `${first.code} Thứ bảy tuần này, tại nhà văn hóa.`)

  await seen(first.person, 'Thứ bảy tuần này')
  expect(read(second.person).join()).not.toContain('Thứ bảy')
}, 120_000)

it('a card whose outcome nobody knows is shown again, an answer is not and a person is asked', async () => {
  sim.failCalls({ method: 'sendMessage', text: 'mới · DH-', how: how.resetBefore() })
  const { person, code } = await ask('Hà Thị Nga', 'Cho hỏi bản mình bao giờ có điện lưới ạ?')
  sim.failCalls({ method: 'sendMessage', text: 'quý ba', how: how.doneThenReset() })

  say(xuan, `${code} Theo kế hoạch là quý ba năm nay.`)

  await seen(xuan, `Chưa rõ câu trả lời của ${code} đã hiện ra hay chưa`)
  expect(read(person).filter((text) => text.includes('quý ba'))).toHaveLength(1)
}, 120_000)

it('the personal account is dead: its officers are told by bot, get their cards there, and the answer is public', async () => {
  const { facebook, zalo, town } = office
  zalo.killSessions()
  await seen(hoa, 'đã mất phiên đăng nhập')
  expect(read(hoa).filter((text) => text.includes('đã mất phiên đăng nhập'))).toHaveLength(1)

  const author = { id: '24000000000000009', name: 'Nguyễn Văn Sơn' }
  const commentId = facebook.comment({
    pageId: town.pageId,
    postId: town.postId,
    author,
    text: 'Cho hỏi xã trực tiếp dân vào thứ mấy ạ?',
  })
  const card = await seen(hoa, 'trực tiếp dân vào thứ mấy')
  say(hoa, `${/DH-\w{3}-\w{3}/.exec(card)?.[0]} Sáng thứ năm hằng tuần.`)

  const replies = () =>
    facebook
      .wall(town.pageId)
      .posts.flatMap(({ comments }) =>
        comments.filter(({ id }) => id === commentId).flatMap((comment) => comment.replies),
      )
      .filter(({ text }) => text.includes('Sáng thứ năm'))
  await until(() => replies().length > 0, { what: 'the answer is public', timeoutMs: 60_000 })
  await seen(hoa, 'đã hiện công khai')
  expect(replies()).toHaveLength(1)
}, 120_000)

it('a photo that an officer sends to the bot is published with its words', async () => {
  const { facebook, town } = office
  const cdn = await openFileServer({ '/so-do.jpg': png(320, 240) })
  try {
    const author = { id: '24000000000000010', name: 'Nguyễn Văn Sơn' }
    const text = 'Cho hỏi sơ đồ đường tránh lũ ở đâu ạ?'
    const commentId = facebook.comment({ pageId: town.pageId, postId: town.postId, author, text })
    const code = /DH-\w{3}-\w{3}/.exec(await seen(hoa, 'đường tránh lũ'))?.[0] ?? ''

    sim.say({ bot, person: hoa, text: `${code} Theo sơ đồ này.`, photo: `${cdn.url}/so-do.jpg` })

    await seen(hoa, `Câu trả lời kèm ảnh đã hiện công khai · ${code}`)
    const answers = facebook
      .wall(town.pageId)
      .posts.flatMap(({ comments }) => comments.filter(({ id }) => id === commentId).flatMap(({ replies }) => replies))
      .filter((reply) => reply.text.includes('Theo sơ đồ này'))
    expect(answers).toMatchObject([{ photoUrl: expect.stringContaining(facebook.url) }])
  } finally {
    await cdn.close()
  }
}, 120_000)

it('what is malformed, withheld or of an unknown kind is counted, and what comes after it is heard', async () => {
  const shy = sim.addPerson({ id: 'kin', name: 'Người Được Bảo Vệ', isProtected: true })
  say(shy, 'điều không ai được đọc')
  sim.push(bot, { ok: true, result: { event_name: 'message.dance.received.twice', message: {} } })
  sim.push(bot, { ok: true, result: { event_name: 'message.text.received', message: { text: 'của ai?' } } })
  sim.push(bot, { hello: 'world' })

  await ask('Lô Văn Sáu', 'Cho hỏi lịch khám bệnh cho người cao tuổi?')

  const counted = app.db.selectFrom('counters').select(['reason', 'amount']).where('name', '=', 'ignored_zalo_bot')
  await until(async () => (await counted.execute()).length >= 4, { what: 'all four are counted', timeoutMs: 60_000 })
  expect(Object.fromEntries((await counted.execute()).map(({ reason, amount }) => [reason, Number(amount)]))).toEqual({
    content_withheld: 1,
    unknown_event: 1,
    malformed_message: 1,
    malformed_delivery: 1,
  })
}, 120_000)

it('without a webhook the updates are fetched, and the same message twice is one question', async () => {
  expect((await connect(false)).by).toBe('polling')
  await until(() => sim.askingFor(bot) === 1, { what: 'a question for updates', timeoutMs: 60_000 })
  sim.failDeliveries({ do: 'duplicate' })

  const { code } = await ask('Ngân Văn Tài', 'Cho hỏi hạn nộp hồ sơ vay vốn chính sách?')

  const opened = await app.db.selectFrom('cases').select('id').where('code', '=', code).execute()
  expect(opened).toHaveLength(1)
  const asked = app.db.selectFrom('events').select('id').where('text', 'like', '%vay vốn chính sách%')
  expect(await asked.execute()).toHaveLength(1)
}, 120_000)

it('a webhook without the right secret is refused, and nothing of it is kept', async () => {
  const url = `${app.url}/webhooks/zalo-bot`
  const body = JSON.stringify({ ok: true, result: { event_name: 'message.text.received', message: {} } })
  const post = (to: string, headers: Record<string, string>) =>
    fetch(`${url}/${to}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })

  expect((await post(bot, {})).status).toBe(401)
  expect((await post(bot, { 'x-bot-api-secret-token': 'khong' })).status).toBe(401)
  expect((await post('999', { 'x-bot-api-secret-token': 'gi' })).status).toBe(401)

  const kept = app.db.selectFrom('deliveries').select('id').where('body', '=', Buffer.from(body))
  expect(await kept.execute()).toEqual([])
  const counted = app.db.selectFrom('counters').select(['reason', 'amount']).where('name', '=', 'refused_zalo_bot')
  await until(async () => Number((await counted.execute())[0]?.amount ?? 0) === 3, { what: 'each is counted' })
  expect(await counted.execute()).toEqual([{ reason: 'bad_secret', amount: '3' }])
}, 60_000)

it('in a group of officers the bot is called by its name, asks which case is meant, and nothing else is for it', async () => {
  const group = 'to-cong-tac'
  sim.addGroup({ id: group, name: 'Tổ công tác', members: [xuan, hoa], bots: [bot] })
  const declared = { id: sim.chatIdOf(bot, { group }), name: 'Tổ công tác', unit: 'xa-yen-khe', audience: 'officers' }
  const accounts = commune.accounts.map((account) => ({ ...account, groups: [declared] }))
  await applySetup(app.db, app.keyRing, readSetup(JSON.stringify({ ...commune, accounts })), new Date())
  const inGroup = (part: string) =>
    until(() => sim.conversation({ group }).find(({ by, text }) => 'bot' in by && text.includes(part)), {
      what: `the group reads “${part}”`,
      timeoutMs: 60_000,
    })
  const call = (text: string): void => void sim.say({ group, person: xuan, text, mentions: [bot] })
  const person = sim.addPerson({ id: 'Lô Văn Bảy', name: 'Lô Văn Bảy' })
  say(person, 'Cho hỏi khi nào phát gạo cứu đói?')
  const { text } = await inGroup('phát gạo cứu đói')
  const code = /DH-\w{3}-\w{3}/.exec(text)?.[0]

  sim.say({ group, person: hoa, text: 'Việc này ai nắm nhỉ?' })
  call('Chiều thứ sáu, tại nhà văn hóa.')
  await inGroup(`Tin vừa rồi là trả lời cho ${code} phải không?`)
  call('đúng')

  const answer = await seen(person, 'Chiều thứ sáu')
  expect(answer).not.toContain('@Bot')
  expect(answer).not.toContain('ai nắm')
}, 120_000)
