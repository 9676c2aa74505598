import { expect, it } from 'vitest'
import { balanceOf, sentOf } from '../../bench/soak/burst.ts'
import type { JournalEntry } from '../../sim/facebook/journal.ts'

const wrote = (id: string): JournalEntry => ({
  seq: 1,
  at: 0,
  kind: 'resident',
  what: 'comment',
  pageId: '1',
  authorId: '2',
  text: 'Mấy giờ ạ?',
  id,
})
const sent = (updates: number, tookMs: number, status = 200): JournalEntry => ({
  seq: 1,
  at: 0,
  kind: 'delivery',
  status,
  attempt: 1,
  updates,
  ids: [],
  tookMs,
})

it('what was answered counts, and the slowest answer of it', () => {
  const log = [sent(1_000, 80), sent(1_000, 20_000, 0), wrote('a'), sent(7, 120)]

  expect(sentOf(log)).toEqual({ requests: 2, changes: 1_007, slowestMs: 120 })
})

it.each([
  ['what was recorded once is accounted for', ['a', 'b'], { accounted: 2, lost: [], doubled: [] }],
  ['what was never recorded is lost', ['b'], { accounted: 1, lost: ['a'], doubled: [] }],
  ['what was recorded twice is doubled', ['a', 'b', 'b'], { accounted: 2, lost: [], doubled: ['b'] }],
  ['what no resident wrote counts for nothing', ['a', 'b', 'own'], { accounted: 2, lost: [], doubled: [] }],
])('%s', (_fact, events, expected) => {
  expect(balanceOf([wrote('a'), wrote('b')], events)).toMatchObject({ received: 2, ...expected })
})
