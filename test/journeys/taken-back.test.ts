import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { findAccount } from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import { setMode } from '../../src/publishing/modes.ts'
import { testDatabase } from '../support/database.ts'
import { employ } from '../support/employ.ts'
import { openOffice } from '../support/office.ts'
import { until as untilIn } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, zalo, town } = office
afterAll(() => office.stop())
zalo.joinGroup({ group: town.zalo.residentsGroup, person: 'hoa' })

const group = { group: town.zalo.residentsGroup }
const officersChat = { group: town.zalo.officersGroup }
afterEach(() => zalo.setGroup({ ...group, lockSendMsg: false }))

const until: typeof untilIn = (probe, options) => untilIn(probe, { timeoutMs: 40_000, ...options })

it('a question that is taken back in the group while its answer waits for a yes is answered by nothing', async () => {
  await employ(app.db, 'Lê Văn Tâm', 'approves')
  await sayMode('approve_all')
  const question = ask('#hoi Bao giờ có lương hưu ạ?')
  const card = await cardAbout('lương hưu')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Ngày mồng năm.', quote: card.msgId })
  const asked = await until(() => chatWith('tam').find(({ text }) => text.includes(codeOf(card.text))), {
    what: 'the approver is asked',
  })

  zalo.undo({ person: 'lan', msgId: question })

  await until(() => officersRead(codeOf(card.text), 'đã rút lại câu hỏi'), { what: 'the officers are told' })
  expect(await answersOf(card.text)).toEqual([{ state: 'cancelled', errorCode: 'withdrawn' }])
  zalo.say({ account: town.zalo.uid, person: 'tam', text: 'duyệt', quote: asked.msgId })
  await until(() => eventOutcome('duyệt'), { what: 'the late yes is looked at' })
  expect(await answersOf(card.text)).toEqual([{ state: 'cancelled', errorCode: 'withdrawn' }])
  expect(ours()).toEqual([])
  await sayMode('publish')
})

it('taken back while its answer waits for the group, nothing is posted when the group opens', async () => {
  const question = ask('#hoi Bao giờ đo lại đất ạ?')
  const card = await cardAbout('đo lại đất')
  zalo.setGroup({ ...group, lockSendMsg: true })
  await until(() => standingIs('locked'), { what: 'the lock is known' })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tháng sau đo.', quote: card.msgId })
  await until(() => officersRead(codeOf(card.text), 'chưa gửi được'), { what: 'the answer waits' })

  zalo.undo({ person: 'lan', msgId: question })
  await until(() => officersRead(codeOf(card.text), 'đã rút lại câu hỏi'), { what: 'the officers are told' })
  zalo.setGroup({ ...group, lockSendMsg: false })
  // What comes after it to the same group shows that it had its chance.
  const next = ask('#hoi Bao giờ trả sổ đỏ ạ?')
  const nextCard = await cardAbout('trả sổ đỏ')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Tuần sau trả.', quote: nextCard.msgId })
  await until(() => officersRead('đã hiện công khai', codeOf(nextCard.text)), { what: 'the next answer stands' })

  expect(ours().map(({ quote }) => quote?.msgId)).toEqual([next])
  expect(await answersOf(card.text)).toEqual([{ state: 'cancelled', errorCode: 'withdrawn' }])
})

it('an answer to a question that is taken back already is not taken, and the officer learns why', async () => {
  const question = ask('#hoi Bao giờ thi bằng lái ạ?')
  const card = await cardAbout('thi bằng lái')
  zalo.undo({ person: 'lan', msgId: question })
  await until(() => officersRead(codeOf(card.text), 'đã rút lại câu hỏi'), { what: 'the officers are told' })

  zalo.say({ ...officersChat, person: 'hoa', text: 'Ngày 15.', quote: card.msgId })

  await until(() => officersRead(codeOf(card.text), 'đã xóa câu hỏi'), { what: 'the officer learns why' })
  expect(await answersOf(card.text)).toEqual([])
})

it('a question that an officer handed over can be taken back by who wrote it', async () => {
  const question = ask('Đường xóm trên sạt lở, đề nghị sửa')
  zalo.say({ ...group, person: 'hoa', text: '#chuyen', quote: question })
  const card = await cardAbout('xóm trên sạt lở')

  zalo.undo({ person: 'lan', msgId: question })

  await until(() => officersRead(codeOf(card.text), 'đã rút lại câu hỏi'), { what: 'the officers are told' })
})

it('taken back before anybody has looked, it is never a question', async () => {
  zalo.failDeliveries({ do: 'lose', of: 'people', times: 1 })
  const question = ask('#hoi Bao giờ có điện ở bản mới ạ?')
  zalo.undo({ person: 'lan', msgId: question })
  await until(() => removalNoted(question), { what: 'the undo has overtaken it' })

  zalo.terminate(town.zalo.uid) // what was lost comes among the old messages

  await until(async () => (await outcomeOf(question)) === 'removed_before', { what: 'it is left alone' })
  expect(zalo.conversation(officersChat).filter(({ text }) => text.includes('bản mới'))).toEqual([])
})

it('an answer that stands stays when its question is taken back', async () => {
  const question = ask('#hoi Bao giờ mở lại bến đò ạ?')
  const card = await cardAbout('bến đò')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Đầu tháng mở.', quote: card.msgId })
  await until(() => officersRead('đã hiện công khai', codeOf(card.text)), { what: 'the answer stands' })
  const before = ours().length

  zalo.undo({ person: 'lan', msgId: question })

  await until(() => removalNoted(question), { what: 'it is noted' })
  expect(ours()).toHaveLength(before)
})

function ask(text: string): string {
  return zalo.say({ ...group, person: 'lan', text }).id
}

function ours() {
  return zalo.conversation(group).filter(({ by }) => 'account' in by)
}

function chatWith(person: string) {
  return zalo.conversation({ account: town.zalo.uid, person })
}

async function cardAbout(words: string) {
  return until(
    () => zalo.conversation(officersChat).find(({ text }) => text.includes('mới · DH-') && text.includes(words)),
    { what: `the card about “${words}”` },
  )
}

async function sayMode(mode: PublishingMode): Promise<void> {
  const account = await findAccount(app.db, 'zalo', town.zalo.uid)
  if (account === null) throw new Error('the account is not set up')
  const why = { by: { actor: 'test' }, reason: null }
  await transaction(app.db, 'switch-publishing', (tx) =>
    setMode(tx, { scope: 'account', accountId: account.id }, mode, why, new Date()),
  )
}

function answersOf(card: string) {
  return app.db
    .selectFrom('outbox')
    .innerJoin('cases', 'cases.id', 'outbox.caseId')
    .select(['outbox.state', 'outbox.errorCode'])
    .where('cases.code', '=', codeOf(card))
    .where('outbox.kind', '=', 'answer')
    .execute()
}

async function outcomeOf(messageId: string): Promise<string | null> {
  const event = await app.db
    .selectFrom('events')
    .select('outcome')
    .where('messageId', '=', messageId)
    .where('kind', '=', 'message')
    .executeTakeFirst()
  return event?.outcome ?? null
}

async function eventOutcome(text: string): Promise<string | null> {
  const event = await app.db.selectFrom('events').select('outcome').where('text', '=', text).executeTakeFirst()
  return event?.outcome ?? null
}

async function removalNoted(messageId: string): Promise<boolean> {
  const event = await app.db
    .selectFrom('events')
    .select('outcome')
    .where('messageId', '=', messageId)
    .where('kind', '=', 'message_remove')
    .executeTakeFirst()
  return event?.outcome === 'removal_noted'
}

async function standingIs(standing: string): Promise<boolean> {
  const found = app.db.selectFrom('groups').select('standing').where('audience', '=', 'residents')
  return (await found.executeTakeFirstOrThrow()).standing === standing
}

function officersRead(...words: string[]): boolean {
  return zalo.conversation(officersChat).some(({ text }) => words.every((word) => text.includes(word)))
}

function codeOf(text: string): string {
  return text.match(/DH-\w{3}-\w{3}/)?.[0] ?? ''
}
