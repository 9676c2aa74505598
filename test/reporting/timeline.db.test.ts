import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { shippedLimits } from '../../config/limits.ts'
import { setConfidentiality } from '../../src/cases/restrict.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import { transaction } from '../../src/db/client.ts'
import { routeCase } from '../../src/dispatch/route.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { CaseId, OutboxId } from '../../src/lib/ids.ts'
import { receiveMessage } from '../../src/reception/receive.ts'
import { confirmEffect } from '../../src/replies/confirm.ts'
import { recentTimelines, type Timeline } from '../../src/reporting/timeline.ts'
import { addEvent, addOffice, addRule, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { facebookMeans } from '../support/means.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  await addRule(db, 0, { name: 'Thủ tục', conditions: { words: ['thủ tục'] } })
})

describe('the timeline of a matter', () => {
  it('an answered question is told from its arrival to the officer who hears that it stands', async () => {
    const asked = await addEvent(db, office.page)
    const caseId = await openedCase(asked)
    await routed(caseId)
    await delivered(caseId, 'card', 'card-1')
    await answered('card-1', 'Cần CCCD và tờ khai CT01.')
    const answerRow = await delivered(caseId, 'answer', '1_3')
    await transaction(db, 'confirm-outbox', (tx) => confirmEffect(tx, answerRow, '1_3', second(9)))

    const [timeline, ...others] = await recent()

    expect(others).toEqual([])
    expect(timeline).toMatchObject({
      id: asked.id,
      caseId,
      code: expect.stringMatching(/^DH-/),
      readers: 'public',
      words: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?',
      author: 'Nguyễn Văn Gia',
    })
    expect(told(timeline)).toEqual([
      ['received', 'Nhận bình luận trên Trang Facebook', 'bản gốc được cất vào kho trước khi làm bất cứ việc gì'],
      ['stored', 'Ghi vào sổ tiếp nhận', 'cùng một tin gửi lại vẫn chỉ là một dòng'],
      ['classified', 'Xếp loại: câu hỏi', expect.stringContaining('có “Cho hỏi”')],
      ['routed', 'Giao Xã Cát Ngạn · cán bộ trả lời', 'khớp quy tắc “Thủ tục”'],
      ['card', expect.stringContaining('Thẻ câu hỏi tới nhóm Zalo'), null],
      ['answered', 'Phan Thị Hoa trả lời', 'gõ trong Zalo, trích đúng thẻ câu hỏi'],
      ['cancelled', 'Giữ lại, không gửi', 'đã có câu trả lời, không cần báo nhận nữa'],
      ['published', 'Đăng công khai dưới bình luận, mang tên Trang', 'đúng một lần, kèm mã vụ việc ở cuối'],
      ['confirmed', 'Xác nhận đã hiện ra', 'Facebook báo lại chính câu trả lời này'],
    ])
    expect(timeline?.steps.find(({ kind }) => kind === 'answered')).toMatchObject({
      words: 'Cần CCCD và tờ khai CT01.',
    })
    expect(timeline?.steps.find(({ kind }) => kind === 'published')?.ids).toEqual({
      outboxId: answerRow,
      messageId: '1_3',
    })
  })

  it('an accusation says why it is kept, where it went and who alone sees it', async () => {
    const caseId = await openedCase(await addEvent(db, office.page, { text: 'Tôi tố cáo ông trưởng thôn ăn chặn.' }))
    await routed(caseId)
    await delivered(caseId, 'card', 'card-2')

    const [timeline] = await recent()

    expect(timeline?.readers).toBe('restricted')
    expect(told(timeline).slice(2)).toEqual([
      ['classified', 'Xếp loại: phản ánh', expect.stringMatching(/^tin cậy/)],
      [
        'kept_private',
        'Giữ kín: không báo nhận, không đăng gì',
        'có thể là khiếu nại, tố cáo hoặc nêu đích danh người có sai phạm',
      ],
      [
        'routed',
        'Giao Tỉnh Nghệ An · đầu mối vụ việc giữ kín',
        'có thể nêu tên người ở xã: lên một cấp, không qua nơi bị nêu',
      ],
      ['card', 'Thẻ câu hỏi tới Zalo riêng của Trần Đình Quang', null],
      ['only_seen_by', 'Chỉ Trần Đình Quang xem được', 'thẻ được gửi riêng, không vào nhóm nào'],
    ])
  })

  it('of a restricted case no word stands in it, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-zăâđêôơư]{9,24}$/), async (word) => {
        await openedCase(
          await addEvent(db, office.page, { text: `Tôi tố cáo ${word}`, authorId: word, authorName: `Ông ${word}` }),
        )

        expect(JSON.stringify(await recent())).not.toContain(word)
      }),
      { numRuns: 25 },
    )
  })

  it('a case that a person closes to the public loses every word it showed', async () => {
    const caseId = await openedCase(await addEvent(db, office.page))
    await routed(caseId)
    await delivered(caseId, 'card', 'card-3')
    await answered('card-3', 'Mang theo CCCD.')
    expect(JSON.stringify(await recent())).toMatch(/tách hộ khẩu.*CCCD/)

    await transaction(db, 'submit-answer', (tx) =>
      setConfidentiality(tx, caseId, 'restricted', { officerId: office.hoa }, second(9)),
    )

    const [timeline] = await recent()
    expect(JSON.stringify(timeline)).not.toMatch(/hộ khẩu|CCCD|Văn Gia/)
    expect(told(timeline)).toContainEqual(['made_restricted', 'Chuyển sang giữ kín', 'Phan Thị Hoa quyết định'])
  })

  it('a message that nobody has judged yet shows none of its words', async () => {
    await addEvent(db, office.page, { text: 'Tôi tố cáo' })

    const [timeline] = await recent()

    expect(timeline).toMatchObject({ readers: 'nobody_needed', caseId: null, words: null, author: null })
    expect(told(timeline).at(-1)).toEqual(['left_alone', 'Đang xem', null])
  })

  it('thanks are told as what they are, and talk in a group only as left alone', async () => {
    await receiveMessage(
      db,
      await addEvent(db, office.page, { text: 'Cảm ơn Mặt trận' }),
      { shown, reacts: false },
      second(1),
    )
    await addEvent(db, office.zalo, {
      place: { kind: 'group', id: office.residentsGroup },
      text: 'Chiều nay ai đi chợ không?',
      outcome: 'not_addressed',
      closedAt: now,
      recordedAt: second(5),
    })

    const [talk, thanks] = await recent()

    expect(talk).toMatchObject({ words: null, place: 'group' })
    expect(told(talk).at(-1)).toEqual(['left_alone', 'Để yên', 'tin trong nhóm, không gọi tên tài khoản Mặt trận'])
    expect(thanks).toMatchObject({ words: 'Cảm ơn Mặt trận' })
    expect(told(thanks).at(-1)?.[1]).toBe('Không cần cán bộ trả lời')
  })

  it('the second answer to a question is told with why it does not stand', async () => {
    const caseId = await openedCase(await addEvent(db, office.page))
    await routed(caseId)
    await delivered(caseId, 'card', 'card-4')
    await answered('card-4', 'Mang theo CCCD.')
    await answered('card-4', 'Không cần gì.')

    const [timeline] = await recent()

    expect(told(timeline)).toContainEqual([
      'answer_refused',
      'Tin của cán bộ không được đăng',
      'đã có câu trả lời, người dân không nhận hai câu khác nhau',
    ])
    expect(JSON.stringify(timeline)).not.toContain('Không cần gì')
  })

  it.each([
    ['unknown', 'trouble', 'Chưa rõ đã tới hay chưa'],
    ['needs_person', 'trouble', 'Chờ người xem giúp'],
    ['rejected', 'trouble', 'Nền tảng không nhận'],
  ])('an answer that is %s is told as such', async (state, kind, title) => {
    const caseId = await openedCase(await addEvent(db, office.page))
    await routed(caseId)
    await delivered(caseId, 'card', 'card-5')
    await answered('card-5', 'Mang theo CCCD.')
    for (const next of ['sending', state])
      await db.updateTable('outbox').set({ state: next }).where('kind', '=', 'answer').execute()

    expect(told((await recent())[0])).toContainEqual([kind, title, expect.anything()])
  })

  it('only what was recorded after a moment is given, the newest first, and not more than asked for', async () => {
    for (const at of [1, 2, 3, 4]) await addEvent(db, office.page, { recordedAt: second(at), messageId: `m-${at}` })

    const found = await recentTimelines(db, { limit: 2, after: second(1) })

    expect(found.map(({ at }) => at)).toEqual([second(4), second(3)])
    expect(await recentTimelines(db, { limit: 9, after: second(4) })).toEqual([])
  })
})

function second(count: number): Date {
  return plusMs(now, count * 1_000)
}

function recent(): Promise<Timeline[]> {
  return recentTimelines(db, { limit: 20, after: new Date(0) })
}

function told(timeline: Timeline | undefined): unknown[][] {
  return (timeline?.steps ?? []).map(({ kind, title, because }) => [kind, title, because])
}

const { shown } = shippedLimits

async function openedCase(event: StoredEvent): Promise<CaseId> {
  const received = await receiveMessage(db, event, { shown, reacts: false }, second(1))
  if (received.as !== 'opened') throw new Error(`expected a new case, the message ${received.as}`)
  return received.caseId
}

async function routed(caseId: CaseId): Promise<void> {
  await routeCase(db, caseId, { chatAddress: (_platform, place) => ({ chat: place.id }), limits: shown }, second(2))
}

/** The row of this kind reaches the platform. */
async function delivered(caseId: CaseId, kind: string, messageId: string): Promise<OutboxId> {
  const { id } = await db
    .selectFrom('outbox')
    .select('id')
    .where('caseId', '=', caseId)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  const claimedAt = second(kind === 'card' ? 3 : 5)
  await db.updateTable('outbox').set({ state: 'sending', claimedAt }).where('id', '=', id).execute()
  await db.updateTable('outbox').set({ state: 'sent', messageId }).where('id', '=', id).execute()
  return id
}

async function answered(card: string, text: string): Promise<void> {
  const place = { kind: 'group', id: office.officersGroup } as const
  const message = await addEvent(db, office.zalo, { place, text, authorId: 'hoa', quotedMessageId: card })
  await executeMessage(db, office.hoa, message, async () => facebookMeans, second(4))
}
