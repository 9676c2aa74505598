import { afterAll, beforeEach, expect, it, vi } from 'vitest'
import type { ListenMode } from '../../src/accounts/groups.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until as untilIn } from '../support/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, zalo, town } = office
afterAll(() => office.stop())
/** Officers live in the village, too. */
for (const person of ['hoa', 'tam']) zalo.joinGroup({ group: town.zalo.residentsGroup, person })

const group = { group: town.zalo.residentsGroup }
const officersChat = { group: town.zalo.officersGroup }
const us = [town.zalo.uid]

const until: typeof untilIn = (probe, options) => untilIn(probe, { timeoutMs: 40_000, ...options })

async function listenAs(listen: ListenMode, keywords: string[] = []): Promise<void> {
  await app.db.updateTable('groups').set({ listen, keywords }).where('audience', '=', 'residents').execute()
}

beforeEach(() => listenAs('when_addressed'))

it('every message: a question that calls nobody is answered, thanks are not', async () => {
  await listenAs('every_message')

  const question = say('lan', 'Cho hỏi mấy giờ nhà văn hóa mở cửa?')
  await left(say('binh', 'Cảm ơn cả xóm ạ'), 'needs_no_officer')

  await answered(question, 'mấy giờ nhà văn hóa', 'Mở cửa lúc 7 giờ.')
})

it('keywords: the group’s own words and hashtags are heard, a mention always, other talk never', async () => {
  await listenAs('keyword', ['mất nước', '#điệnxóm'])

  await left(say('binh', 'Cho hỏi nước mắm ai bán?'), 'not_addressed')
  const byWord = say('lan', 'Xóm mình lại MẤT NƯỚC, bao giờ có lại ạ?')
  await answered(byWord, 'MẤT NƯỚC', 'Chiều nay có nước.')
  const byTag = say('binh', '#dienxom bao giờ thay cột ạ?')
  await answered(byTag, 'thay cột', 'Tuần sau thay.')
  const byMention = say('lan', 'cho hỏi lịch tiêm phòng dại?', { mentions: us })
  await answered(byMention, 'tiêm phòng dại', 'Sáng thứ bảy.')
})

it('mentions: only a mention or a quote of ours is heard, no hashtag and no call to all', async () => {
  await listenAs('when_mentioned')

  await left(say('binh', '#hoi bao giờ sửa cống?'), 'not_addressed')
  await left(say('binh', 'bao giờ họp xóm?', { mentions: ['all'] }), 'not_addressed')
  const question = say('lan', 'bao giờ sửa đường bê tông ạ?', { mentions: us })
  const answer = await answered(question, 'đường bê tông', 'Tháng tới sửa.')

  const next = say('binh', 'Thế còn cầu bao giờ sửa ạ?', { quote: answer.msgId })
  await answered(next, 'cầu bao giờ sửa', 'Cầu sửa sang năm.')
})

it('hashtags: what the asker adds by quoting their own question joins it, and what others say there does not', async () => {
  const question = say('lan', '#hoi Bao giờ có điện lại ạ?')
  const card = await cardAbout('Bao giờ có điện lại')

  const addition = say('lan', 'Cụm loa số 3 cũng hỏng, đề nghị sửa', { quote: question })
  await left(say('binh', 'Nhà tôi cũng thế', { quote: question }), 'not_addressed')

  await until(() => outcomeOf(addition, 'joined_case'), { what: 'it has joined' })
  await until(() => officersRead('bổ sung', codeOf(card), 'loa số 3'), { what: 'the officers read it' })
  await answer('Bao giờ có điện lại', 'Tối nay có điện.')
  await until(() => ours(question).length > 0, { what: 'the answer stands' })
})

it('handed over: nothing is taken by itself, and the message that an officer quotes is answered as a question', async () => {
  await listenAs('on_forward')
  const resident = say('lan', 'Đường vào nghĩa trang hỏng, đề nghị xã sửa', {})
  await left(resident, 'not_forwarded')
  await left(say('lan', '#hoi bao giờ sửa?', { mentions: us }), 'not_forwarded')

  say('hoa', '#chuyen', { quote: resident })

  const card = await cardAbout('Đường vào nghĩa trang')
  expect(card.text).toContain('Từ: Nguyễn Thị Lan')
  zalo.say({ ...officersChat, person: 'hoa', text: 'Sửa trong tuần này.', quote: card.msgId })
  const [answer] = await until(() => found(ours(resident)), { what: 'the answer quotes the resident' })
  expect(answer?.text).toContain('@Nguyễn Thị Lan')
  expect(answer?.text).toContain('Sửa trong tuần này.')
})

it('handed over twice, by two officers, is one case, and in the group nothing is said of it', async () => {
  await listenAs('on_forward')
  const resident = say('binh', 'Bao giờ xóm mình có sóng điện thoại?')
  await left(resident, 'not_forwarded')
  say('hoa', '#hoi', { quote: resident })
  const card = await cardAbout('sóng điện thoại')
  const before = inGroup().length

  const again = say('tam', 'nhờ xã', { quote: resident, mentions: us })

  await until(() => outcomeOf(again, 'forward_known'), { what: 'it is known' })
  await until(
    () => zalo.conversation({ account: town.zalo.uid, person: 'tam' }).some(({ text }) => text.includes(codeOf(card))),
    { what: 'the second officer is told 1:1' },
  )
  expect(inGroup()).toHaveLength(before + 1)
  expect(cardsAbout('sóng điện thoại')).toHaveLength(1)
})

it('whoever is not bound hands over nothing', async () => {
  await listenAs('on_forward')
  const resident = say('lan', 'Ai biết bao giờ chợ họp lại?')
  await left(resident, 'not_forwarded')

  await left(say('binh', '#chuyen', { quote: resident, mentions: us }), 'not_forwarded')

  expect(await outcomeOf(resident, 'not_forwarded')).toBe(true)
})

it('a message that we never saw is answered by what its quote tells', async () => {
  zalo.failDeliveries({ do: 'vanish', of: 'people', times: 1 })
  const resident = say('lan', 'Bao giờ phát gạo cứu trợ đợt hai ạ?')

  say('hoa', '#chuyển', { quote: resident })

  await answered(resident, 'phát gạo cứu trợ', 'Phát ngày 20.')
})

function say(person: string, text: string, more: { quote?: string; mentions?: string[] } = {}): string {
  return zalo.say({ ...group, person, text, ...more }).id
}

function inGroup() {
  return zalo.conversation(group)
}

/** What we wrote there as a reply to this message. */
function ours(messageId: string) {
  return inGroup().filter(({ by, quote }) => 'account' in by && quote?.msgId === messageId)
}

function found<T>(items: readonly T[]): readonly T[] | null {
  return items.length > 0 ? items : null
}

function cardsAbout(words: string) {
  return zalo.conversation(officersChat).filter(({ text }) => text.includes('mới · DH-') && text.includes(words))
}

async function cardAbout(words: string) {
  const [card] = await until(() => found(cardsAbout(words)), { what: `the card about “${words}”` })
  if (card === undefined) throw new Error('unreachable')
  return card
}

async function answer(words: string, text: string): Promise<void> {
  zalo.say({ ...officersChat, person: 'hoa', text, quote: (await cardAbout(words)).msgId })
}

/** An officer answers it, and the answer stands once in the group, quoting the question. */
async function answered(messageId: string, words: string, text: string) {
  await answer(words, text)
  const card = await cardAbout(words)
  await until(() => officersRead('đã hiện công khai', codeOf(card)), { what: 'the officer is told' })
  const [one, ...others] = ours(messageId)
  if (one === undefined) throw new Error('the answer stands nowhere')
  expect(one.text).toContain(text)
  expect(others).toEqual([])
  return one
}

/** It is kept, and nothing is made of it. */
async function left(messageId: string, outcome: string): Promise<void> {
  await until(() => outcomeOf(messageId, outcome), { what: `${messageId} is left alone: ${outcome}` })
  expect(ours(messageId)).toEqual([])
}

async function outcomeOf(messageId: string, outcome: string): Promise<boolean> {
  const event = await app.db
    .selectFrom('events')
    .select('outcome')
    .where('messageId', '=', messageId)
    .where('kind', '=', 'message')
    .executeTakeFirst()
  return event?.outcome === outcome
}

function officersRead(...words: string[]): boolean {
  return zalo.conversation(officersChat).some(({ text }) => words.every((word) => text.includes(word)))
}

function codeOf(card: { readonly text: string }): string {
  return card.text.match(/DH-\w{3}-\w{3}/)?.[0] ?? ''
}
