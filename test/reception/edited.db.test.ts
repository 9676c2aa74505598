import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, getCase } from '../../src/cases/store.ts'
import { findEvent, type StoredEvent } from '../../src/intake/store.ts'
import { receiveEdit } from '../../src/reception/edited.ts'
import {
  addAssignedCase,
  addEvent,
  addOffice,
  addOutboxRow,
  addRouted,
  emptyTables,
  now,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
let about: Case
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  about = await asked()
})

const accusation = 'Trưởng thôn ăn chặn tiền cứu trợ của bà con.'

async function asked(given: Parameters<typeof addAssignedCase>[2] = {}): Promise<Case> {
  const event = await addEvent(db, office.page, { messageId: '1_2' })
  const found = await addAssignedCase(db, office.commune, { event, ...given })
  const place = { kind: 'group', id: office.officersGroup } as const
  await addRouted(db, found, { accountId: office.zalo, unitId: office.commune, place })
  return found
}

const edit = (text: string | null, given: object = {}): Promise<StoredEvent> =>
  addEvent(db, office.page, { kind: 'comment_edit', messageId: '1_2', text, ...given })
const notices = async (): Promise<string[]> => {
  const rows = await db.selectFrom('outbox').select('text').where('kind', '=', 'notice').execute()
  return rows.map((row) => row.text)
}

describe('an edited question', () => {
  it('is read by those who have it', async () => {
    const event = await edit('Cho hỏi thủ tục nhập hộ khẩu?')

    expect(await receiveEdit(db, event, now)).toEqual({ routeAgain: null })

    expect(await notices()).toEqual([
      `✏️ Người hỏi đã sửa câu hỏi ${about.code} thành:\n“Cho hỏi thủ tục nhập hộ khẩu?”`,
    ])
    expect(await findEvent(db, event.id)).toMatchObject({ outcome: 'case_edited' })
  })

  it('whose words were not told is edited all the same', async () => {
    await receiveEdit(db, await edit(null), now)

    expect(await notices()).toEqual([`✏️ Người hỏi đã sửa câu hỏi ${about.code}.`])
  })

  it('into an accusation is restricted, taken back and handed on, without its words in the old chat', async () => {
    const answer = await addOutboxRow(db, { caseId: about.id, accountId: office.page })

    expect(await receiveEdit(db, await edit(accusation), now)).toEqual({ routeAgain: about.id })

    expect(await getCase(db, about.id)).toMatchObject({
      confidentiality: 'restricted',
      confidentialityReason: 'denunciation',
      status: 'received',
    })
    expect(await notices()).toEqual([expect.stringContaining('được giữ kín và chuyển lên cấp trên')])
    expect((await notices()).join()).not.toContain('ăn chặn')
    const row = await db.selectFrom('outbox').select('state').where('id', '=', answer).executeTakeFirst()
    expect(row).toEqual({ state: 'cancelled' })
  })

  it('into an accusation, answered but not out yet, is handed on as well: nothing of it was answered', async () => {
    await db.updateTable('cases').set({ status: 'answered' }).execute()
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, state: 'held', heldBy: 'approve_all' })

    expect(await receiveEdit(db, await edit(accusation), now)).toEqual({ routeAgain: about.id })

    expect(await getCase(db, about.id)).toMatchObject({ status: 'received', confidentiality: 'restricted' })
  })

  it('into an accusation whose answer is under way is restricted where it stands', async () => {
    await db.updateTable('cases').set({ status: 'answered' }).execute()
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, state: 'sending' })

    expect(await receiveEdit(db, await edit(accusation), now)).toEqual({ routeAgain: null })

    expect(await getCase(db, about.id)).toMatchObject({ status: 'answered', confidentiality: 'restricted' })
  })

  it('that was restricted already only brings its new words', async () => {
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).execute()

    expect(await receiveEdit(db, await edit(accusation), now)).toEqual({ routeAgain: null })

    expect(await getCase(db, about.id)).toMatchObject({ status: 'assigned' })
  })

  it('that is answered is restricted where it stands', async () => {
    await db.updateTable('cases').set({ status: 'published' }).execute()

    expect(await receiveEdit(db, await edit(accusation), now)).toEqual({ routeAgain: null })

    expect(await getCase(db, about.id)).toMatchObject({ status: 'published', confidentiality: 'restricted' })
  })

  it('looked at three times at once is noted once', async () => {
    const event = await edit('Cho hỏi thủ tục nhập hộ khẩu?')

    await Promise.all([1, 2, 3].map(() => receiveEdit(db, event, now)))

    expect(await notices()).toHaveLength(1)
  })
})

describe('an edit of something else', () => {
  it.each<[string, object]>([
    ['that is no case', { messageId: '1_9' }],
    ['without an id', { messageId: null }],
  ])('%s is noted and nothing more', async (_what, given) => {
    const event = await edit('mới', given)

    expect(await receiveEdit(db, event, now)).toEqual({ routeAgain: null })

    expect(await findEvent(db, event.id)).toMatchObject({ outcome: 'edit_noted' })
    expect(await notices()).toEqual([])
  })
})
