import { describe, expect, it } from 'vitest'
import type { Case, CaseMessage } from '../../src/cases/store.ts'
import { cardText } from '../../src/dispatch/card.ts'
import { AccountId, CaseId, EventId, newId, UnitId } from '../../src/lib/ids.ts'
import { now } from '../support/builders.ts'

const limits = { picturesPerCase: 5, pictureBytes: 5_000_000 }
const page = { platform: 'facebook', name: 'Mặt trận xã Cát Ngạn' }

function found(given: Partial<Case> = {}): Case {
  return {
    id: newId(CaseId, now),
    code: 'DH-7KM-3QP',
    unitId: newId(UnitId, now),
    accountId: newId(AccountId, now),
    confidentiality: 'public',
    confidentialityReason: 'ordinary',
    status: 'received',
    version: 1,
    kind: 'question',
    urgent: false,
    originEventId: newId(EventId, now),
    placeKind: 'post',
    assignedUnitId: null,
    assignedDuty: null,
    ...given,
  }
}

function message(given: Partial<CaseMessage> = {}): CaseMessage {
  return {
    eventId: newId(EventId, now),
    text: 'Cho hỏi?',
    authorName: 'Nguyễn Thị Lan',
    attachments: [],
    occurredAt: now,
    ...given,
  }
}

const card = (about: Partial<Case>, ...messages: CaseMessage[]): string =>
  cardText(found(about), messages, [], page, limits, { mode: 'publish' })

describe('what the officer reads', () => {
  it.each([
    ['question', 'Câu hỏi mới · DH-7KM-3QP'],
    ['feedback', 'Phản ánh mới · DH-7KM-3QP'],
    ['other', 'Tin cần xem mới · DH-7KM-3QP'],
  ] as const)('a %s begins "%s"', (kind, first) => {
    expect(card({ kind }, message()).split('\n')[0]).toBe(first)
  })

  it.each([
    ['post', 'bình luận công khai trên trang Facebook', 'Câu trả lời sẽ hiện công khai ngay dưới câu hỏi.'],
    ['group', 'tin nhắn trong nhóm Zalo', 'Câu trả lời sẽ hiện công khai ngay dưới câu hỏi.'],
    ['direct', 'tin nhắn riêng', 'Câu trả lời sẽ được gửi riêng cho người hỏi.'],
  ] as const)('written in a %s: it says so, and who will read the answer', (placeKind, where, who) => {
    const text = card({ placeKind }, message())

    expect(text).toContain(`Từ: Nguyễn Thị Lan – ${where} (Mặt trận xã Cát Ngạn)`)
    expect(text.split('\n').at(-1)).toBe(who)
  })

  it.each([
    ['post', 'Câu trả lời sẽ được người duyệt xem trước; duyệt xong mới hiện công khai dưới câu hỏi.'],
    ['direct', 'Câu trả lời sẽ được người duyệt xem trước; duyệt xong mới gửi riêng cho người hỏi.'],
  ] as const)('where a second person agrees first, a card about a %s says so', (placeKind, who) => {
    const text = cardText(found({ placeKind }), [message()], [], page, limits, { mode: 'approve_all' })

    expect(text.split('\n').at(-1)).toBe(who)
  })

  it.each(['post', 'group', 'direct'] as const)(
    'who only listens promises nothing, wherever it was written: %s',
    (placeKind) => {
      const prospects = { mode: 'listen_only', answerUntil: now } as const

      const text = cardText(found({ placeKind }), [message()], [], page, limits, prospects)

      expect(text.split('\n').at(-1)).toContain('chỉ nghe: câu trả lời được giữ lại, chưa đăng và chưa gửi cho ai')
    },
  )

  it('several messages stand one below the other, the first author first', () => {
    const text = card({}, message({ text: 'một' }), message({ text: 'hai', authorName: 'khác' }))

    expect(text).toContain('“một\nhai”')
    expect(text).toContain('Từ: Nguyễn Thị Lan')
  })

  it('somebody without a name is a resident', () => {
    expect(card({}, message({ authorName: null }))).toContain('Từ: người dân –')
  })

  it('a very long question is cut where it is still whole letters, and that is shown', () => {
    const text = card({}, message({ text: '🚒'.repeat(1_000) }))

    expect(text).toContain('🚒…”')
    expect(text.isWellFormed()).toBe(true)
    expect(text.length).toBeLessThan(1_600)
  })

  it('where nothing could be had it says where to look', () => {
    expect(card({}, message({ text: null }))).toContain('Chưa lấy được nội dung, xin mở trên Facebook để xem.')
  })
})

describe('a restricted card', () => {
  it.each([
    ['denunciation', 'có thể là khiếu nại, tố cáo hoặc nêu đích danh người có sai phạm'],
    ['unsure', 'máy chưa chắc nội dung này là gì'],
    ['no_text', 'tin không có chữ, chỉ có ảnh hoặc tệp'],
    ['decided_by_person', 'cán bộ đã chọn giữ kín'],
    ['something new', 'cần người xem trước'],
  ])('kept because "%s" says: %s', (confidentialityReason, words) => {
    const text = card({ confidentiality: 'restricted', confidentialityReason }, message())

    expect(text).toContain(`🔒 GIỮ KÍN · DH-7KM-3QP\nLý do: ${words}. Chưa có gì được đăng hay trả lời.`)
    expect(text).toContain('gõ: công khai')
    expect(text).not.toContain('Câu trả lời sẽ hiện công khai')
  })
})
