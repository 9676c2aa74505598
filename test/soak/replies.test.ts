import { expect, it } from 'vitest'
import { countReplies, whatIsWrong } from '../../bench/soak/replies.ts'
import type { JournalEntry } from '../../sim/facebook/journal.ts'

const acknowledgement = 'Đã tiếp nhận.\n\nMã: DH-7KM-3QP · 1'
const answer = 'Cần tờ khai CT01.\n\nMã: DH-7KM-3QP · 2'

function log(...entries: { under?: string; wrote?: string; text?: string }[]): JournalEntry[] {
  return entries.map(({ under, wrote, text = answer }, n) => {
    const common = { seq: n + 1, at: 0, pageId: '1', what: 'comment' as const, text }
    if (wrote !== undefined) return { ...common, kind: 'resident' as const, id: wrote, authorId: '2' }
    return { ...common, kind: 'public' as const, via: 'graph' as const, id: `own-${n}`, parentId: under ?? '' }
  })
}

it('a comment with its acknowledgement and its answer is in order', () => {
  const replies = countReplies(log({ wrote: 'a' }, { under: 'a', text: acknowledgement }, { under: 'a' }))

  expect(replies).toMatchObject({ comments: 1, posted: 2 })
  expect(whatIsWrong(replies)).toBeNull()
})

it.each([
  ['a comment without any reply is missed', [{ wrote: 'a' }], 'under 1 comments: 1 missing (a)'],
  [
    'an answer that never came is missed',
    [{ wrote: 'a' }, { under: 'a', text: acknowledgement }],
    'under 1 comments: 1 missing (a)',
  ],
  [
    'the same words twice are a double, whatever their number',
    [{ wrote: 'a' }, { under: 'a' }, { under: 'a', text: answer.replace('· 2', '· 3') }],
    'under 1 comments: 1 doubled (a)',
  ],
  [
    'a third reply is too many',
    [{ wrote: 'a' }, { under: 'a', text: acknowledgement }, { under: 'a' }, { under: 'a', text: 'Thêm.' }],
    'under 1 comments: 1 too many (a)',
  ],
  [
    'a reply under what nobody wrote is astray',
    [{ wrote: 'a' }, { under: 'a', text: acknowledgement }, { under: 'a' }, { under: 'b' }],
    'under 1 comments: 1 astray (own-3)',
  ],
])('%s', (_fact, entries, wrong) => {
  expect(whatIsWrong(countReplies(log(...entries)))).toBe(wrong)
})
