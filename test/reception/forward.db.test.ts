import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { quotedIn } from '../../bots/zalo/quoted.ts'
import { chatAddress } from '../../src/assembly/bots.ts'
import { findEvent, type StoredEvent } from '../../src/intake/store.ts'
import { DeliveryId, newId, type OfficerId } from '../../src/lib/ids.ts'
import { type Forwarded, receiveForward } from '../../src/reception/forward.ts'
import { addCase, addEvent, addOffice, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const question = 'Xóm mình bao giờ có nước sạch ạ?'
const limits = { picturesPerCase: 5, pictureBytes: 5_000_000 }
const group = () => ({ kind: 'group', id: office.residentsGroup }) as const

/** What a resident wrote in the group, and what became of it. */
const write = (given: Parameters<typeof addEvent>[2] = {}): Promise<StoredEvent> =>
  addEvent(db, office.zalo, {
    place: group(),
    authorId: 'lan',
    text: question,
    outcome: 'not_forwarded',
    closedAt: now,
    ...given,
  })
const handOver = (quotedMessageId: string | null, given: Parameters<typeof addEvent>[2] = {}): Promise<StoredEvent> =>
  addEvent(db, office.zalo, { place: group(), authorId: 'hoa', text: '#chuyen', quotedMessageId, ...given })
const take = (forward: StoredEvent, officer: OfficerId = office.hoa): Promise<Forwarded> =>
  receiveForward(
    db,
    forward,
    officer,
    { toldByQuote: quotedIn, chatAddress, desk: { shown: limits, reacts: true } },
    now,
  )
const cases = () => db.selectFrom('cases').select(['originEventId', 'authorId', 'status', 'confidentiality']).execute()
const notices = () =>
  db.selectFrom('outbox').select(['placeKind', 'placeId', 'text']).where('kind', '=', 'notice').execute()
const outcomeOf = async ({ id }: StoredEvent) => (await findEvent(db, id))?.outcome

describe('a message that was left alone', () => {
  it('becomes the case of whoever wrote it', async () => {
    const message = await write()
    const forward = await handOver(message.messageId)

    expect(await take(forward)).toMatchObject({ as: 'taken', question: { id: message.id }, received: { as: 'opened' } })

    expect(await cases()).toEqual([
      { originEventId: message.id, authorId: 'lan', status: 'received', confidentiality: 'public' },
    ])
    expect([await outcomeOf(message), await outcomeOf(forward)]).toEqual(['opened_case', 'forwarded'])
    const history = db.selectFrom('caseHistory').select(['what', 'actorOfficerId']).where('what', '=', 'forwarded')
    expect(await history.execute()).toEqual([{ what: 'forwarded', actorOfficerId: office.hoa }])
  })

  it('no word is said in the group: a sign under the question has to do', async () => {
    const { messageId } = await write()

    await take(await handOver(messageId))

    const said = await db.selectFrom('outbox').select(['kind', 'targetId']).execute()
    expect(said).toEqual([{ kind: 'reaction', targetId: messageId }])
  })

  it('is taken although it reads as if it needed nobody', async () => {
    await take(await handOver((await write({ text: 'Cảm ơn Mặt trận ạ', outcome: 'needs_no_officer' })).messageId))

    expect(await cases()).toHaveLength(1)
  })

  it('an accusation is kept from the public whoever hands it over', async () => {
    await take(await handOver((await write({ text: 'Trưởng thôn ăn chặn tiền cứu trợ của bà con.' })).messageId))

    expect(await cases()).toMatchObject([{ confidentiality: 'restricted' }])
  })

  it('that nobody has looked at yet is taken at once', async () => {
    const message = await write({ outcome: null, closedAt: null })

    await take(await handOver(message.messageId))

    expect(await outcomeOf(message)).toBe('opened_case')
  })
})

describe('nothing comes of', () => {
  it('a message that is a case already, and the officer learns its code 1:1', async () => {
    const message = await write({ outcome: 'opened_case' })
    const { code } = await addCase(db, { event: message })

    expect(await take(await handOver(message.messageId))).toEqual({ as: 'left', outcome: 'forward_known' })

    expect(await cases()).toHaveLength(1)
    expect(await notices()).toEqual([{ placeKind: 'direct', placeId: 'hoa', text: expect.stringContaining(code) }])
  })

  it('a second officer handing over the same', async () => {
    const { messageId } = await write()
    const forwards = [await handOver(messageId), await handOver(messageId, { authorId: 'tam' })] as const

    const both = await Promise.all([take(forwards[0]), take(forwards[1], office.tam)])

    expect(both.map(({ as }) => as).sort()).toEqual(['left', 'taken'])
    expect(await cases()).toHaveLength(1)
  })

  it('the same forward looked at twice', async () => {
    const forward = await handOver((await write()).messageId)
    await take(forward)

    expect(await take(forward)).toMatchObject({ as: 'left' })
    expect(await cases()).toHaveLength(1)
    expect(await outcomeOf(forward)).toBe('forwarded')
  })

  it.each<[string, Parameters<typeof addEvent>[2]]>([
    ['our own words', { kind: 'echo', authorId: 'us', outcome: 'written_outside' }],
    ['a colleague’s words', { authorId: 'tam' }],
    ['words without an author', { authorId: null }],
    ['an officer’s code', { outcome: 'officer_bound' }],
  ])('%s', async (_what, given) => {
    const message = await write(given)

    expect(await take(await handOver(message.messageId))).toEqual({ as: 'left', outcome: 'forward_not_resident' })

    expect(await cases()).toEqual([])
    expect(await notices()).toEqual([])
    expect(await outcomeOf(message)).toBe(message.outcome)
  })

  it('a message that its author has taken back', async () => {
    const message = await write()
    await write({ kind: 'message_remove', messageId: message.messageId, text: null })

    expect(await take(await handOver(message.messageId))).toMatchObject({ outcome: 'forward_removed' })

    expect(await cases()).toEqual([])
    expect(await notices()).toMatchObject([{ placeKind: 'direct', placeId: 'hoa' }])
  })

  it('a message of another group', async () => {
    const elsewhere = await write({ place: { kind: 'group', id: 'elsewhere' } })

    expect(await take(await handOver(elsewhere.messageId))).toMatchObject({ outcome: 'forward_unknown' })
  })
})

describe('a message that we never saw', () => {
  const quote = { ownerId: 'lan', globalMsgId: 7000000000001, cliMsgId: 1763999999100, ts: 1763999999150, ttl: 0 }

  /** The delivery that brought the forward, with what its quote tells. */
  async function handOverUnseen(told: object): Promise<StoredEvent> {
    const id = newId(DeliveryId, now)
    const data = { msgId: '9', uidFrom: 'hoa', ts: '1764000000150', content: '#chuyen', quote: told }
    const message = { type: 1, threadId: office.residentsGroup, isSelf: false, data }
    const body = Buffer.from(JSON.stringify({ v: 1, event: 'message', data: message }))
    const kept = { id, platform: 'zalo', lane: 2, receivedAt: now, digest: Buffer.from(randomUUID()), body }
    await db.insertInto('deliveries').values(kept).execute()
    return handOver('7000000000001', { deliveryId: id, messageId: '9' })
  }

  it('becomes the question as its quote tells it, and is quoted by the answer', async () => {
    const taken = await take(await handOverUnseen({ ...quote, msg: question, fromD: 'Nguyễn Thị Lan' }))

    expect(taken).toMatchObject({
      as: 'taken',
      question: {
        messageId: '7000000000001',
        authorId: 'lan',
        authorName: 'Nguyễn Thị Lan',
        text: question,
        unitId: office.commune,
        address: { type: 'group', quote: { msgId: '7000000000001', uidFrom: 'lan', content: question } },
      },
    })
    expect(await cases()).toMatchObject([{ authorId: 'lan' }])
  })

  it.each([
    ['without words', { ...quote, msg: '' }],
    ['without an owner', { ...quote, ownerId: undefined, msg: question }],
  ])('%s is left, and the officer is told 1:1', async (_what, told) => {
    expect(await take(await handOverUnseen(told))).toEqual({ as: 'left', outcome: 'forward_unknown' })

    expect(await cases()).toEqual([])
    expect(await notices()).toMatchObject([{ placeKind: 'direct', placeId: 'hoa' }])
  })
})
