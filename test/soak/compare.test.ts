import { describe, expect, it } from 'vitest'
import { compare, isClean } from '../../bench/soak/compare.ts'
import type { Balance, Done, Ledger, LedgerMessage, Observed, Shown } from '../../bench/soak/facts.ts'

const page = { platform: 'facebook', account: '1' } as const
const answer = 'Bà con mang theo căn cước.\n\nMã: DH-ABC-DEF · 2'

const row: LedgerMessage = {
  ...page,
  id: 'row',
  caseId: 'case',
  kind: 'answer',
  audience: 'public',
  state: 'confirmed',
  messageId: '1_2',
  targetId: null,
  text: answer,
}
const edit: LedgerMessage = {
  ...row,
  id: 'edit',
  kind: 'edit',
  messageId: null,
  targetId: '1_2',
  text: `Xin ${answer}`,
}
const hide: LedgerMessage = { ...edit, id: 'hide', kind: 'hide', audience: 'moderation', targetId: '1_1', text: '' }
const removal: LedgerMessage = { ...hide, id: 'delete', kind: 'delete', targetId: '1_2' }

const stands: Shown = { ...page, id: '1_2', audience: 'public', place: '1_1', text: answer, at: 10 }
const edited: Done = { ...page, kind: 'edit', targetId: '1_2', text: edit.text, at: 20 }
const hidden: Done = { ...page, kind: 'hide', targetId: '1_1', text: '', at: 20 }
const sign: LedgerMessage = { ...edit, id: 'sign', kind: 'reaction', targetId: '1_1', text: '👍' }
const signed: Done = { ...page, kind: 'reaction', targetId: '1_1', text: '👍', at: 15 }
const takenDown: Done = { ...page, kind: 'delete', targetId: '1_2', text: '', at: 30 }

function balance(
  outbox: readonly LedgerMessage[],
  { shown = [stands], ...seen }: Partial<Observed>,
  terms: Parameters<typeof compare>[2] = {},
): Balance {
  const observed: Observed = { written: [], answered: [], agreed: [], done: [], shown, ...seen }
  const ledger: Ledger = { events: [], unread: [], cases: [], outbox }
  return compare(observed, ledger, terms)
}

describe('what is done about what stands there', () => {
  it('is in order where each deed was seen once', () => {
    const gone = { ...row, state: 'removed' }

    expect(isClean(balance([row, edit, hide], { done: [edited, hidden] }))).toBe(true)
    expect(isClean(balance([gone, removal], { done: [takenDown] }))).toBe(true)
  })

  it('is in order where a sign stands under the question once, as the ledger says', () => {
    expect(isClean(balance([row, sign], { done: [signed] }))).toBe(true)
    expect(balance([row, sign], { done: [] }).lost).toHaveLength(1)
    expect(balance([row, sign], { done: [signed, signed] }).doubled).toHaveLength(1)
    expect(balance([row], { done: [signed] }).orphaned).toHaveLength(1)
  })

  it('is in order twice where it was intended twice', () => {
    const again = { ...hide, id: 'hide again' }
    const shownAgain = { ...hide, id: 'unhide', kind: 'unhide' }
    const done = [hidden, { ...hidden, kind: 'unhide' as const }, hidden]

    expect(isClean(balance([row, hide, shownAgain, again], { done }))).toBe(true)
  })

  it('is doubled where it was seen twice and intended once', () => {
    expect(balance([row, edit], { done: [edited, edited] }).doubled).toHaveLength(1)
    expect(balance([row, hide], { done: [hidden, hidden] }).doubled).toHaveLength(1)
  })

  it('is lost where nobody has seen it, be it for the words alone', () => {
    expect(balance([row, hide], {}).lost).toHaveLength(1)
    expect(balance([row, edit], { done: [{ ...edited, text: 'Xin lỗi bà con.' }] })).toMatchObject({
      lost: [expect.stringContaining('edit')],
      orphaned: [expect.stringContaining('Xin lỗi')],
    })
  })

  it('is nobody’s where the ledger does not intend it, and stuck where it is still under way', () => {
    expect(balance([row], { done: [takenDown] }).orphaned).toHaveLength(1)
    expect(balance([row, { ...hide, state: 'unknown' }], {}).orphaned).toHaveLength(1)
  })
})

describe('where everything needs a yes', () => {
  const needsYes = { needsYes: true }
  const yes = { text: `CHỜ DUYỆT\n“${answer}”`, at: 5 }

  it('an answer is in order that somebody had agreed to', () => {
    expect(isClean(balance([row], { agreed: [yes] }, needsYes))).toBe(true)
  })

  it.each([
    ['nobody was asked', []],
    ['it was agreed to afterwards', [{ ...yes, at: 11 }]],
    ['something else was agreed to', [{ ...yes, text: 'CHỜ DUYỆT\n“Mang theo hộ chiếu.”' }]],
  ])('it has leaked where %s', (_fact, agreed) => {
    expect(balance([row], { agreed }, needsYes).leaked).toHaveLength(1)
  })

  it('other words for it have leaked where only the first were agreed to', () => {
    expect(balance([row, edit], { agreed: [yes], done: [edited] }, needsYes).leaked).toHaveLength(1)
  })
})
