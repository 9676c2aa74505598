import { beforeEach, describe, expect, it } from 'vitest'
import { lockCase } from '../../src/cases/store.ts'
import { type Tx, transaction } from '../../src/db/client.ts'
import { type CaseId, EventId, newId, type OutboxId } from '../../src/lib/ids.ts'
import { PublicCase } from '../../src/outbox/public-case.ts'
import { queueForOfficer, queueForResident } from '../../src/outbox/queue.ts'
import { addAccount, addCase, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

type Resident = Parameters<typeof queueForResident>[2]
type Officer = Parameters<typeof queueForOfficer>[1]

/** Queues as the program does: with the case locked, so that its numbers cannot cross. */
function answer(caseId: CaseId, given: Partial<Resident> = {}): Promise<OutboxId | null> {
  return transaction(db, 'submit-answer', async (tx) => {
    const found = await lockCase(tx, caseId)
    const proof = PublicCase.of(found)
    if (proof === null) throw new Error('the case is restricted')
    const intended: Resident = {
      accountId: found.accountId,
      unitId: found.unitId,
      originId: newId(EventId, now),
      address: { type: 'comment', commentId: '1_2' },
      place: { kind: 'post', id: '1' },
      audience: 'public',
      kind: 'answer',
      lane: 'live',
      text: 'Cần CCCD.',
      ...given,
    }
    return queueForResident(tx, proof, intended, now)
  })
}

async function notice(given: Partial<Officer> = {}): Promise<OutboxId | null> {
  const accountId = given.accountId ?? (await addAccount(db))
  const { unitId } = await db
    .selectFrom('accounts')
    .select('unitId')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return transaction(db, 'route-case', (tx: Tx) =>
    queueForOfficer(
      tx,
      {
        accountId,
        unitId,
        caseId: null,
        originId: newId(EventId, now),
        address: { type: 'user', uid: 'hoa' },
        place: { kind: 'direct', id: 'hoa' },
        kind: 'notice',
        lane: 'live',
        text: 'Đã ghi nhận.',
        ...given,
      },
      now,
    ),
  )
}

const rows = () => db.selectFrom('outbox').selectAll().orderBy('ordinal').execute()

describe('a text for residents', () => {
  it('waits, due now, with its mark at the end', async () => {
    const about = await addCase(db)

    await answer(about.id)

    expect(await rows()).toMatchObject([
      {
        caseId: about.id,
        kind: 'answer',
        audience: 'public',
        state: 'pending',
        attempts: 0,
        ordinal: 1,
        lane: 2,
        dueAt: now,
        placeKind: 'post',
        placeId: '1',
        address: { type: 'comment', commentId: '1_2' },
        text: `Cần CCCD.\n\nMã: ${about.code} · 1`,
      },
    ])
  })

  it('is numbered within its case', async () => {
    const about = await addCase(db)

    for (let n = 0; n < 3; n += 1) await answer(about.id)

    const texts = (await rows()).map((row) => row.text.split('\n').at(-1))
    expect(texts).toEqual([1, 2, 3].map((n) => `Mã: ${about.code} · ${n}`))
  })

  it('queued ten times at once has ten different numbers', async () => {
    const about = await addCase(db)

    await Promise.all(Array.from({ length: 10 }, () => answer(about.id)))

    expect((await rows()).map((row) => row.ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('is kept composed and storable, whatever was typed', async () => {
    const about = await addCase(db)

    await answer(about.id, { text: 'Ca\u0302\u0300n\0 CCCD \uD83D' })

    expect((await rows())[0]?.text).toBe(`Cần CCCD \uFFFD\n\nMã: ${about.code} · 1`)
  })
})

describe('the same intention twice', () => {
  it('is one row, and the second asker is told so', async () => {
    const about = await addCase(db)
    const originId = newId(EventId, now)

    expect(await answer(about.id, { originId })).not.toBeNull()
    expect(await answer(about.id, { originId })).toBeNull()

    expect(await rows()).toHaveLength(1)
  })

  it('with the fields of its address in another order is the same', async () => {
    const about = await addCase(db)
    const originId = newId(EventId, now)
    await answer(about.id, { originId, address: { type: 'comment', commentId: '1_2' } })

    expect(await answer(about.id, { originId, address: { commentId: '1_2', type: 'comment' } })).toBeNull()
  })

  it.each<[string, Partial<Resident>]>([
    ['to another address', { address: { type: 'comment', commentId: '1_3' } }],
    ['of another kind', { kind: 'acknowledgement' }],
    ['for another origin', { originId: newId(EventId, now) }],
  ])('%s is another', async (_how, given) => {
    const about = await addCase(db)
    const originId = newId(EventId, now)
    await answer(about.id, { originId })

    expect(await answer(about.id, { originId, ...given })).not.toBeNull()
  })

  it('of a notice is one notice', async () => {
    const originId = newId(EventId, now)
    const accountId = await addAccount(db)

    expect(await notice({ originId, accountId })).not.toBeNull()
    expect(await notice({ originId, accountId })).toBeNull()
  })

  it('of a card for two chats is two cards', async () => {
    const originId = newId(EventId, now)
    const accountId = await addAccount(db)

    await notice({ originId, accountId, kind: 'card', address: { type: 'user', uid: 'hoa' } })
    await notice({ originId, accountId, kind: 'card', address: { type: 'user', uid: 'tam' } })

    expect(await rows()).toHaveLength(2)
  })
})

describe('a text for officers', () => {
  it('has neither mark nor number, and may be about no case', async () => {
    await notice()

    expect(await rows()).toMatchObject([
      { audience: 'officer', kind: 'notice', ordinal: null, caseId: null, text: 'Đã ghi nhận.' },
    ])
  })

  it('may be about a restricted case', async () => {
    const about = await addCase(db, { confidentiality: 'restricted' })

    expect(await notice({ caseId: about.id, accountId: about.accountId })).not.toBeNull()
  })
})

it.each([
  ['urgent', 1],
  ['live', 2],
  ['acknowledgements', 3],
  ['backfill', 4],
  ['bulk', 5],
] as const)('lane %s is %d in the row', async (lane, number) => {
  await notice({ lane })

  expect(await rows()).toMatchObject([{ lane: number }])
})
