import { afterAll, expect, it } from 'vitest'
import { plusMs } from '../../src/lib/clock.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
// Begins at two in the afternoon in Viet Nam, so that the reminder with a quarter left comes by day.
const begun = performance.now()
let passed = 0
const start = new Date('2026-11-24T14:00:00+07:00')
const clock = (): Date => plusMs(start, performance.now() - begun + passed)
const office = await openOffice(connection, {}, undefined, clock)
const { facebook, zalo, town } = office
afterAll(() => office.stop())

const hour = 3_600_000
const officersChat = { group: town.zalo.officersGroup }
const psid = '9000000000000007'

it('the officers read how long they may answer in private, are reminded once, and a late answer waits for the person', async () => {
  write('Cho hỏi khi nào chi trả chế độ người có công?')
  const card = await until(() => officersSaw('mới · DH-', 'người có công'), { what: 'the card is there' })
  expect(card.text).toMatch(/Trả lời riêng được đến 14:0\d ngày 25\/11\./)

  passed += 18 * hour + hour / 4
  await until(() => officersSaw('chưa được trả lời', codeIn(card.text)), { what: 'they are reminded' })

  passed += 8 * hour
  say('Chi trả ngày mồng mười.', card.msgId)
  await until(() => officersSaw('đã quá 24 giờ', codeIn(card.text)), { what: 'they learn that it is too late' })
  expect(received('mồng mười')).toEqual([])

  write('Bác chưa thấy trả lời')
  const again = await until(() => officersSaw('Muốn gửi chính câu đó', codeIn(card.text)), {
    what: 'they learn that it can be sent now',
  })
  say('gửi lại', again.msgId)

  await until(() => received('mồng mười').length > 0, { what: 'the answer has arrived' })
  await until(() => officersSaw('Đã gửi câu trả lời cho người hỏi', codeIn(card.text)), { what: 'they are told' })
  expect(received('mồng mười')).toHaveLength(1)
  expect(zalo.conversation(officersChat).filter(({ text }) => /^⏰.*chưa được trả lời/.test(text))).toHaveLength(1)
  // Nobody asked Facebook to take what it could not.
  expect(facebook.log.filter((entry) => entry.kind === 'call' && entry.code === 10)).toEqual([])
})

function write(text: string): void {
  facebook.message({ pageId: town.pageId, psid, name: 'Võ Thị Mai', text })
}

function say(text: string, quote: string): void {
  zalo.say({ ...officersChat, person: 'hoa', text, quote })
}

function officersSaw(...words: string[]) {
  return zalo.conversation(officersChat).findLast(({ text }) => words.every((word) => text.includes(word)))
}

function codeIn(text: string): string {
  return /DH-\w{3}-\w{3}/.exec(text)?.[0] ?? 'no code'
}

function received(words: string) {
  return facebook.log.filter((entry) => entry.kind === 'private' && entry.text.includes(words))
}
