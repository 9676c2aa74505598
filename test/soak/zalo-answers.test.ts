import { expect, it } from 'vitest'
import { countAnswers, whatIsWrong } from '../../bench/soak/zalo/answers.ts'
import type { LogEntry } from '../../sim/zalo/world/log.ts'

type Thread = { group: string } | { account: string; person: string }

const offices = { groups: new Set(['can-bo']), people: new Set(['hoa']) }
const questions = new Map([
  ['q1', 'xom-1'],
  ['q2', 'xom-2'],
])

function said(msgId: string, group: string, number: number): LogEntry {
  const text = `#hỏi Bao giờ sửa xong đường bê tông đoạn số ${number} ạ?`
  const common = { person: 'lan', mentions: [], msgType: 'webchat', quote: null, sentTo: [] }
  return { seq: 1, at: 0, what: 'said', msgId, thread: { group }, text, ...common }
}

function posted(msgId: string, thread: Thread, text: string, quote: string | null = null): LogEntry {
  const common = { account: '1', cliMsgId: '1', msgType: 'webchat', via: 'api' as const, sentTo: [] }
  return { seq: 1, at: 0, what: 'posted', msgId, thread, text, quote, ...common }
}

const card = (code: string, number: number): LogEntry =>
  posted(`card ${code}`, { group: 'can-bo' }, `Câu hỏi mới · ${code}\n“… đoạn số ${number} ạ?”`)
const answer = (id: string, group: string, code: string, quote: string | null): LogEntry =>
  posted(id, { group }, `Về việc ${code}: trong tháng này.\n\nMã: ${code} · 1`, quote)

const talk = [said('q1', 'xom-1', 10), said('q2', 'xom-2', 20), card('DH-AAA-111', 10), card('DH-BBB-222', 20)]
const first = answer('a1', 'xom-1', 'DH-AAA-111', 'q1')
const second = answer('a2', 'xom-2', 'DH-BBB-222', 'q2')

it('each question with its own answer, quoted in its group, is in order', () => {
  const answers = countAnswers([...talk, first, second], questions, offices)

  expect(answers).toMatchObject({ questions: 2, posted: 2 })
  expect(whatIsWrong(answers)).toBeNull()
})

it.each([
  ['a question without an answer is missed', [first], '1 missing (q2)'],
  ['a second answer is a double', [first, second, { ...first, msgId: 'a3' }], '1 doubled (q1)'],
  [
    'an answer to what was no question is unasked',
    [first, second, answer('a3', 'xom-1', 'DH-AAA-111', 'chat')],
    '1 unasked (a3)',
  ],
  ['one without a quote is unasked', [first, second, answer('a3', 'xom-1', 'DH-AAA-111', null)], '1 unasked (a3)'],
  [
    'one to a resident alone is unasked',
    [first, second, posted('a3', { account: '1', person: 'lan' }, 'Xã nghe đây')],
    '1 unasked (a3)',
  ],
  ['one in another group is misplaced', [answer('a1', 'xom-2', 'DH-AAA-111', 'q1'), second], '1 misplaced (a1)'],
  [
    'what was answered to another question is misplaced',
    [answer('a1', 'xom-1', 'DH-BBB-222', 'q1'), second],
    '1 misplaced (a1)',
  ],
  [
    'what the account says on its own phone is not ours',
    [first, { ...second, via: 'phone' as const }],
    '1 missing (q2)',
  ],
])('%s', (_fact, answers, wrong) => {
  const log = [...talk, ...answers] as LogEntry[]

  expect(whatIsWrong(countAnswers(log, questions, offices))).toBe(`of 2 questions: ${wrong}`)
})
