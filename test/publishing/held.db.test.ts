import { beforeEach, describe, expect, it } from 'vitest'
import { transaction } from '../../src/db/client.ts'
import type { AccountId, OfficerId, OutboxId } from '../../src/lib/ids.ts'
import { backToPending } from '../../src/outbox/back-to-pending.ts'
import { cancelForResidents } from '../../src/outbox/cancel.ts'
import { heldRows, holdBack, letGo, release } from '../../src/outbox/held.ts'
import { addAccount, addCase, addOfficer, addOutboxRow, emptyTables, now, sayMode } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let page: AccountId
let officer: OfficerId
beforeEach(async () => {
  await emptyTables(db)
  page = await addAccount(db)
  officer = await addOfficer(db)
})

const why = { by: { actor: 'test' }, reason: 'hết thí điểm' }
const row = (id: OutboxId) => db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function answer(given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> {
  const accountId = given.accountId ?? page
  const { id: caseId } = await addCase(db, { accountId })
  return addOutboxRow(db, { caseId, ...given, accountId })
}

const held = (given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> =>
  answer({ state: 'held', heldBy: 'approve_all', ...given })

describe('a mode that became stricter', () => {
  it('holds what waits for its turn, gives receipts up, and leaves officers and what is under way alone', async () => {
    const waiting = await answer()
    const receipt = await answer({ kind: 'acknowledgement' })
    const underway = await answer({ state: 'sending' })
    const card = await addOutboxRow(db, { accountId: page, audience: 'officer' })
    const elsewhere = await answer({ accountId: await addAccount(db) })
    await sayMode(db, { accountId: page }, 'listen_only')

    expect(await holdBack(db, now)).toBe(1)

    const states = await Promise.all([waiting, receipt, underway, card, elsewhere].map(row))
    expect(states.map(({ state }) => state)).toEqual(['held', 'cancelled', 'sending', 'pending', 'pending'])
    expect(states[0]).toMatchObject({ heldBy: 'listen_only' })
  })

  it('leaves in approve_all what was agreed to', async () => {
    const id = await answer({ approvedBy: officer, approvedAt: now })
    await sayMode(db, { accountId: page }, 'approve_all')

    expect(await holdBack(db, now)).toBe(0)
    expect((await row(id)).state).toBe('pending')
  })
})

describe('what is held', () => {
  it('is not let go by a milder mode', async () => {
    const id = await held()

    await holdBack(db, now)

    expect((await row(id)).state).toBe('held')
  })

  it('is released by a person as far as the mode allows, and that is written down', async () => {
    const free = await held()
    const strict = await addAccount(db, { mode: 'approve_all' })
    const kept = await held({ accountId: strict })
    const approved = await held({ accountId: strict, approvedBy: officer, approvedAt: now, heldBy: 'listen_only' })

    expect(await release(db, null, why, now)).toEqual({ released: 2, kept: 1 })

    expect((await Promise.all([free, kept, approved].map(row))).map(({ state, heldBy }) => [state, heldBy])).toEqual([
      ['pending', null],
      ['held', 'approve_all'],
      ['pending', null],
    ])
    const changes = db.selectFrom('publishingChanges').select(['actor', 'reason', 'at']).where('what', '=', 'released')
    expect(await changes.execute()).toEqual([{ actor: 'test', reason: 'hết thí điểm', at: now }])
  })

  it('is released of one account alone', async () => {
    const other = await addAccount(db)
    const here = await held()
    const there = await held({ accountId: other })

    await release(db, other, why, now)

    expect([(await row(here)).state, (await row(there)).state]).toEqual(['held', 'pending'])
  })

  it('is counted by account and by what holds it, and by whether anybody was asked', async () => {
    const asked = await held()
    await held()
    await held({ heldBy: 'listen_only' })
    await addOutboxRow(db, { accountId: page, audience: 'officer', kind: 'approval', originId: asked })

    const rows = (await heldRows(db)).toSorted((a, b) => a.amount - b.amount)

    expect(rows).toEqual([
      { accountId: page, heldBy: 'listen_only', amount: 1, unasked: 0 },
      { accountId: page, heldBy: 'approve_all', amount: 2, unasked: 1 },
    ])
  })

  it('is taken back when its case becomes restricted', async () => {
    const id = await held()
    const { caseId } = await row(id)

    await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', caseId).execute()

    expect(await row(id)).toMatchObject({ state: 'cancelled', errorCode: 'restricted' })
  })

  it('cannot be of a restricted case', async () => {
    const { id: caseId } = await addCase(db, { accountId: page, confidentiality: 'restricted' })

    await expect(held({ caseId })).rejects.toMatchObject({ code: '23000' })
  })

  it('is taken back with the question', async () => {
    const id = await held()
    const { caseId } = await row(id)
    if (caseId === null) throw new Error('expected a case')

    await transaction(db, 'close-event', (tx) => cancelForResidents(tx, caseId, 'withdrawn', now))

    expect((await row(id)).state).toBe('cancelled')
  })

  it('is let go once', async () => {
    const id = await held()
    const go = () => transaction(db, 'submit-answer', (tx) => letGo(tx, id, {}, now))

    expect([await go(), await go()]).toEqual([true, false])
  })

  it('is held again when it was looked for after a restore and is not there', async () => {
    const id = await held({ state: 'unknown', ifAbsent: 'retry' })

    await db.updateTable('outbox').set({ state: backToPending() }).where('id', '=', id).execute()

    expect((await row(id)).state).toBe('held')
  })
})
