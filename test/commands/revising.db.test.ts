import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, getCase } from '../../src/cases/store.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { OutboxId } from '../../src/lib/ids.ts'
import {
  addAssignedCase,
  addEvent,
  addOffice,
  addOutboxRow,
  addRouted,
  emptyTables,
  now,
  sayMode,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { facebookMeans } from '../support/means.ts'

const { db } = await testDatabase()
let office: TestOffice
let about: Case
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  const event = await addEvent(db, office.page, { messageId: '1_2', address: { commentId: '1_2' } })
  about = await addAssignedCase(db, office.commune, { event })
  const place = { kind: 'group', id: office.officersGroup } as const
  await addRouted(db, about, { accountId: office.zalo, unitId: office.commune, place, messageId: 'card' })
})

let at = now
/** Each message a moment after the one before. */
async function say(text: string, quotedMessageId = 'card'): Promise<{ outcome: string; reply: string | null }> {
  at = plusMs(at, 1_000)
  const message = await addEvent(db, office.zalo, {
    place: { kind: 'group', id: office.officersGroup },
    authorId: 'hoa',
    text,
    quotedMessageId,
  })
  const { outcome } = await executeMessage(db, office.hoa, message, async () => facebookMeans, at)
  const reply = await db
    .selectFrom('outbox')
    .select('text')
    .where('originId', '=', message.id)
    .where('kind', '=', 'notice')
    .executeTakeFirst()
  return { outcome, reply: reply?.text ?? null }
}

const rowsOf = (kind: string) =>
  db.selectFrom('outbox').select(['id', 'state', 'text']).where('kind', '=', kind).orderBy('createdAt').execute()

async function standing(given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> {
  const row = { accountId: office.page, caseId: about.id, state: 'confirmed', messageId: '1_9', ...given }
  return addOutboxRow(db, row)
}

describe('an answer that is being taken down', () => {
  beforeEach(async () => {
    await standing()
    await db.updateTable('cases').set({ status: 'published' }).execute()
  })

  it.each(['publish', 'approve_all'] as const)('gets no other words in %s: it still goes', async (mode) => {
    await sayMode(db, { accountId: office.page }, mode)
    await say('gỡ: lộ số điện thoại')

    expect(await say('sửa: Bác gọi về xã nhé.')).toMatchObject({
      outcome: 'nothing_stands',
      reply: expect.stringContaining(about.code),
    })

    expect(await rowsOf('delete')).toMatchObject([{ state: 'pending' }])
    expect(await rowsOf('edit')).toEqual([])
  })

  it('may get other words once that has come to nothing', async () => {
    await say('gỡ: lộ số điện thoại')
    await db.updateTable('outbox').set({ state: 'cancelled' }).where('kind', '=', 'delete').execute()

    expect(await say('sửa: Bác gọi về xã nhé.')).toMatchObject({ outcome: 'edit' })
  })

  it('takes the other words with it that have not left yet', async () => {
    await say('sửa: Bác gọi về xã nhé.')
    await say('gỡ: lộ số điện thoại')

    expect(await rowsOf('edit')).toMatchObject([{ state: 'cancelled' }])
    expect(await rowsOf('delete')).toMatchObject([{ state: 'pending' }])
  })
})

describe('an answer that has not left yet', () => {
  it.each(['held', 'pending'])('and is %s does not leave once it was to be taken down', async (state) => {
    await db.updateTable('cases').set({ status: 'answered' }).execute()
    await standing({ kind: 'acknowledgement' })
    await standing({ state, messageId: null, ordinal: 2, ...(state === 'held' ? { heldBy: 'approve_all' } : {}) })

    expect(await say('gỡ: nhầm số điện thoại')).toMatchObject({
      outcome: 'taken_back',
      reply: expect.stringContaining('Đã rút lại'),
    })

    expect(await rowsOf('answer')).toMatchObject([{ state: 'cancelled' }])
    expect(await rowsOf('delete')).toEqual([])
    expect((await getCase(db, about.id)).status).toBe('assigned')
    expect(await say('Bác gọi về xã nhé.')).toMatchObject({ outcome: 'answer' })
  })

  it('stays where another one stands, which is what goes', async () => {
    await db.updateTable('cases').set({ status: 'published' }).execute()
    await standing()
    const given = { kind: 'answer', audience: 'resident', placeKind: 'direct', ordinal: 2 } as const
    await standing({ ...given, state: 'pending', messageId: null })

    expect(await say('gỡ: nhầm số điện thoại')).toMatchObject({ outcome: 'take_down' })

    expect(await rowsOf('answer')).toMatchObject([{ state: 'confirmed' }, { state: 'pending' }])
  })
})

describe('a post', () => {
  async function posted(caseId: Case['id'] | null): Promise<void> {
    const post = await standing({ kind: 'post', messageId: '100_7', ordinal: 1 })
    if (caseId === null) await db.updateTable('outbox').set({ caseId, ordinal: null }).where('id', '=', post).execute()
    await addOutboxRow(db, {
      accountId: office.zalo,
      audience: 'officer',
      kind: 'notice',
      caseId,
      originId: post,
      state: 'confirmed',
      messageId: 'told',
    })
  }

  it('that is being taken down gets no other words', async () => {
    await posted(null)
    await say('gỡ: đăng nhầm', 'told')

    expect(await say('sửa: Mời bà con họp tối mai.', 'told')).toMatchObject({
      outcome: 'nothing_stands',
      reply: expect.stringContaining('đang được gỡ'),
    })

    expect(await rowsOf('delete')).toMatchObject([{ state: 'pending' }])
    expect(await rowsOf('edit')).toEqual([])
  })

  it('about a case that is restricted by now gets no other words, and it is said why', async () => {
    await posted(about.id)
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).execute()
    about = await getCase(db, about.id)

    expect(await say('sửa: Mời bà con họp tối mai.', 'told')).toMatchObject({
      outcome: 'edit_restricted',
      reply: expect.stringContaining(about.code),
    })
  })
})

describe('“thu hồi”', () => {
  it('keeps an answer back that is not out yet, and the case is owed one again', async () => {
    await say('Cần CCCD.')

    expect(await say('thu hồi')).toMatchObject({ outcome: 'taken_back', reply: expect.stringContaining(about.code) })

    expect(await rowsOf('answer')).toMatchObject([{ state: 'cancelled' }])
    expect((await getCase(db, about.id)).status).toBe('assigned')
  })

  it('takes down one that stands, where that can be done', async () => {
    await standing()

    expect(await say('thu hồi: nhầm số')).toMatchObject({ outcome: 'take_down' })
    expect(await rowsOf('delete')).toMatchObject([{ state: 'pending' }])
  })

  it('leaves an acknowledgement alone', async () => {
    await standing({ kind: 'acknowledgement' })

    expect(await say('thu hồi')).toMatchObject({ outcome: 'nothing_to_take_back' })
    expect(await rowsOf('delete')).toEqual([])
  })

  it('says plainly where it cannot be undone', async () => {
    await standing({ audience: 'resident', placeKind: 'direct', placeId: '9' })

    expect(await say('thu hồi')).toMatchObject({
      outcome: 'take_back_impossible',
      reply: expect.stringContaining('đã gửi đi rồi'),
    })
  })
})
