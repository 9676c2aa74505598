import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, caseMessages, getCase } from '../../src/cases/store.ts'
import { findEvent, type StoredEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { CaseId } from '../../src/lib/ids.ts'
import { type Received, receiveMessage } from '../../src/reception/receive.ts'
import {
  addAssignedCase,
  addEvent,
  addOffice,
  addRouted,
  emptyTables,
  now,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const limits = { picturesPerCase: 5, pictureBytes: 5_000_000 }
const question = 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?'
const report = 'Đường xóm 5 hỏng nặng, đề nghị xã sửa.'
const accusation = 'Trưởng thôn ăn chặn tiền cứu trợ của bà con.'
const thanks = 'Cảm ơn Mặt trận ạ'
const cry = 'Cứu với, nhà tôi ngập tới mái rồi!'

/** All of one resident under one comment. */
const write = (text: string | null, given: Parameters<typeof addEvent>[2] = {}): Promise<StoredEvent> =>
  addEvent(db, office.page, { threadKey: 'thread', authorId: 'lan', text, ...given })
const receive = (event: StoredEvent): Promise<Received> =>
  receiveMessage(db, event, { shown: limits, reacts: true }, now)
const cases = () => db.selectFrom('cases').select(['id', 'confidentiality', 'status', 'urgent']).orderBy('id').execute()
const toResidents = () =>
  db.selectFrom('outbox').selectAll().where('audience', '!=', 'officer').orderBy('ordinal').execute()
const toOfficers = () => db.selectFrom('outbox').selectAll().where('kind', '=', 'notice').execute()
const outcomeOf = async (event: StoredEvent) => (await findEvent(db, event.id))?.outcome

/** An open case of the same resident, with the officers. */
async function openCase(given: Parameters<typeof addAssignedCase>[2] = {}): Promise<Case> {
  const event = await write(question)
  const found = await addAssignedCase(db, office.commune, { event, ...given })
  await addRouted(db, found, {
    accountId: office.zalo,
    unitId: office.commune,
    place: { kind: 'group', id: office.officersGroup },
  })
  return found
}

describe('a first message', () => {
  it('becomes a case, acknowledged in the name of its unit', async () => {
    const event = await write(question)

    const received = await receive(event)

    expect(received).toMatchObject({ as: 'opened', reading: { label: { kind: 'question' } } })
    expect(await cases()).toMatchObject([{ confidentiality: 'public', status: 'received', urgent: false }])
    expect(await outcomeOf(event)).toBe('opened_case')
    expect(await toResidents()).toMatchObject([
      {
        kind: 'acknowledgement',
        text: expect.stringMatching(/Ủy ban MTTQ Việt Nam xã Cát Ngạn[\s\S]*ngay dưới bình luận này/),
      },
    ])
  })

  it.each<[string, string]>([
    ['a question', question],
    ['a report', report],
    ['a call for help', cry],
  ])('%s is acknowledged', async (_what, text) => {
    await receive(await write(text))

    expect(await toResidents()).toHaveLength(1)
  })

  it('an accusation becomes a restricted case about which nothing at all is said outside', async () => {
    await receive(await write(accusation))

    expect(await cases()).toMatchObject([{ confidentiality: 'restricted' }])
    expect(await toResidents()).toEqual([])
  })

  it.each([
    ['unclear', 'ngày ấy mưa to lắm các bác nà'],
    ['without words', null],
  ])('what is %s is restricted until somebody has seen it', async (_what, text) => {
    await receive(await write(text, { attachments: [{ kind: 'photo', url: null }] }))

    expect(await cases()).toMatchObject([{ confidentiality: 'restricted' }])
    expect(await toResidents()).toEqual([])
  })

  it('thanks need nobody and open nothing', async () => {
    const event = await write(thanks)

    expect(await receive(event)).toEqual({ as: 'needs_no_officer' })

    expect(await cases()).toEqual([])
    expect(await outcomeOf(event)).toBe('needs_no_officer')
  })

  it('a call for help goes first from the beginning', async () => {
    await receive(await write(cry))

    expect(await cases()).toMatchObject([{ urgent: true }])
  })

  it('in a group is acknowledged by a sign under it and by no word', async () => {
    const event = await write(question, { place: { kind: 'group', id: office.residentsGroup } })

    await receive(event)

    expect(await cases()).toHaveLength(1)
    expect(await toResidents()).toMatchObject([
      { kind: 'reaction', text: '👍', targetId: event.messageId, ordinal: null },
    ])
  })

  it('in a group of a platform without signs is not acknowledged', async () => {
    const event = await write(question, { place: { kind: 'group', id: office.residentsGroup } })

    await receiveMessage(db, event, { shown: limits, reacts: false }, now)

    expect(await toResidents()).toEqual([])
  })

  it('in a group that becomes a restricted case gets no sign either', async () => {
    const text = 'Tôi tố cáo ông trưởng thôn ăn chặn tiền hỗ trợ lũ lụt của dân'

    await receive(await write(text, { place: { kind: 'group', id: office.residentsGroup } }))

    expect(await cases()).toMatchObject([{ confidentiality: 'restricted' }])
    expect(await toResidents()).toEqual([])
  })

  it('in private is acknowledged in private', async () => {
    await receive(await write(question, { place: { kind: 'direct', id: 'lan' } }))

    expect(await toResidents()).toMatchObject([{ audience: 'resident', text: expect.stringContaining('ngay tại đây') }])
  })
})

describe('a later message of the same person in the same thread', () => {
  it('joins the open case, and those who have it read it', async () => {
    const open = await openCase()
    const event = await write('Nhà em ở xóm Minh Sơn ạ.', { occurredAt: plusMs(now, 1) })

    expect(await receive(event)).toEqual({ as: 'joined', caseId: open.id })

    expect((await caseMessages(db, open.id)).map((message) => message.text)).toEqual([
      question,
      'Nhà em ở xóm Minh Sơn ạ.',
    ])
    expect(await outcomeOf(event)).toBe('joined_case')
    expect(await toOfficers()).toMatchObject([
      {
        placeId: office.officersGroup,
        lane: 2,
        text: `➕ Người hỏi bổ sung cho ${open.code}:\n“Nhà em ở xóm Minh Sơn ạ.”`,
      },
    ])
    expect(await toResidents()).toEqual([])
  })

  it('before anybody has it waits with it: the card will bring both', async () => {
    const first = await receive(await write(question))
    const second = await receive(await write('Nhà em ở xóm Minh Sơn ạ.'))

    expect(second).toEqual({ as: 'joined', caseId: idOf(first) })
    expect(await toOfficers()).toEqual([])
  })

  it('that only thanks is kept and disturbs nobody', async () => {
    const open = await openCase()

    expect(await receive(await write(thanks))).toEqual({ as: 'joined', caseId: open.id })

    expect(await caseMessages(db, open.id)).toHaveLength(2)
    expect(await toOfficers()).toEqual([])
  })

  it('that tells of danger makes the case urgent, and is shown first', async () => {
    const open = await openCase()

    await receive(await write(cry))

    expect(await getCase(db, open.id)).toMatchObject({ urgent: true })
    expect(await toOfficers()).toMatchObject([{ lane: 1, text: expect.stringMatching(/^🆘 KHẨN – ➕/) }])
    const history = await db.selectFrom('caseHistory').select('what').orderBy('id').execute()
    expect(history.map((entry) => entry.what)).toEqual(['message_added', 'became_urgent'])
  })

  it('that accuses never joins what the public can read: it is a restricted case of its own', async () => {
    const open = await openCase()

    const received = await receive(await write(accusation))

    expect(received).toMatchObject({ as: 'opened' })
    expect(idOf(received)).not.toBe(open.id)
    expect(await getCase(db, idOf(received))).toMatchObject({ confidentiality: 'restricted' })
    expect(await toOfficers()).toEqual([])
  })

  it('that accuses joins a case that is restricted already', async () => {
    const open = await openCase({ confidentiality: 'restricted' })

    expect(await receive(await write(accusation))).toEqual({ as: 'joined', caseId: open.id })
  })

  it.each(['published', 'withdrawn', 'closed', 'answered_outside'])('after a %s case opens another', async (status) => {
    await openCase({ status })

    expect(await receive(await write(question))).toMatchObject({ as: 'opened' })
  })

  it.each<[string, object]>([
    ['of another person', { authorId: 'binh' }],
    ['in another thread', { threadKey: 'elsewhere' }],
  ])('%s is another case', async (_whose, given) => {
    await openCase()

    expect(await receive(await write(question, given))).toMatchObject({ as: 'opened' })
  })
})

describe('the same message looked at twice', () => {
  it('one after the other is one case', async () => {
    const event = await write(question)
    await receive(event)

    // It continues its own case now; the event itself says that it was looked at.
    expect(await receive(event)).toEqual({ as: 'already_closed' })

    expect(await cases()).toHaveLength(1)
    expect(await toResidents()).toHaveLength(1)
  })

  it.each([question, accusation, thanks])('at once is looked at once: %s', async (text) => {
    const event = await write(text)

    const received = await Promise.all(Array.from({ length: 4 }, () => receive(event)))

    expect(received.filter((one) => one.as !== 'already_closed')).toHaveLength(1)
    expect((await cases()).length).toBeLessThanOrEqual(1)
    expect((await toResidents()).length).toBeLessThanOrEqual(1)
  })
})

it('two messages of one person that come together are one case', async () => {
  const events = [await write(question), await write('Nhà em ở xóm Minh Sơn ạ, giấy tờ gì ạ?')]

  const received = await Promise.all(events.map(receive))

  expect(received.map((one) => one.as).sort()).toEqual(['joined', 'opened'])
  expect(await cases()).toHaveLength(1)
})

it('messages of two people that come together are two cases', async () => {
  const events = [await write(question), await write(question, { authorId: 'binh' })]

  await Promise.all(events.map(receive))

  expect(await cases()).toHaveLength(2)
})

function idOf(received: Received): CaseId {
  if (received.as !== 'opened' && received.as !== 'joined') throw new Error(`no case: ${received.as}`)
  return received.caseId
}
