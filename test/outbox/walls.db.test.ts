import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OutboxId } from '../../src/lib/ids.ts'
import { Audience, OutboundKind, OutboxState, outboxTransitions } from '../../src/outbox/outbound.ts'
import { addAccount, addCase, addOutboxRow, emptyTables } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

const refused = { code: '23000' }

async function stateOf(id: OutboxId): Promise<string> {
  return (await db.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
}

/** Puts a row into a state by the way of its insert, which no transition forbids. */
const rowIn = (state: OutboxState, given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> =>
  addOutboxRow(db, { state, ...given })

describe('the moves of a row', () => {
  it('in the database are those of the program', async () => {
    const rows = await db.selectFrom('outboxTransitions').selectAll().execute()

    const inDatabase = rows.map(({ fromState, toState }) => `${fromState} → ${toState}`).sort()
    const inProgram = Object.entries(outboxTransitions).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`))
    expect(inDatabase).toEqual(inProgram.sort())
  })

  const every = OutboxState.options.flatMap((from) => OutboxState.options.map((to) => [from, to] as const))

  it.each(every)('%s → %s is allowed by both or refused by both', async (from, to) => {
    const id = await rowIn(from)
    const allowed: readonly string[] = outboxTransitions[from]

    const moved = db.updateTable('outbox').set({ state: to }).where('id', '=', id).execute()

    if (from === to || allowed.includes(to)) await expect(moved).resolves.toBeDefined()
    else await expect(moved).rejects.toMatchObject(refused)
    expect(await stateOf(id)).toBe(from === to || allowed.includes(to) ? to : from)
  })

  it.each(['rejected', 'cancelled'] as const)('%s is an end', (state) => {
    expect(outboxTransitions[state]).toEqual([])
  })

  it('a confirmed row never goes back to be sent', () => {
    const reachable = new Set<string>(['confirmed'])
    for (const state of reachable) {
      // A person may say that what was seen is there no more; only then may it be sent again.
      if (state !== 'needs_person') for (const next of outboxTransitions[OutboxState.parse(state)]) reachable.add(next)
    }
    expect([...reachable]).toEqual(['confirmed', 'needs_person', 'removed'])
  })
})

describe('nothing of a restricted case leaves', () => {
  it.each(['public', 'resident'] as const)('a %s message of it is refused', async (audience) => {
    const { id: caseId } = await addCase(db, { confidentiality: 'restricted' })

    await expect(addOutboxRow(db, { caseId, audience })).rejects.toMatchObject(refused)

    expect(await db.selectFrom('outbox').select('id').execute()).toEqual([])
  })

  it('nor is one let in as being sent', async () => {
    const { id: caseId } = await addCase(db, { confidentiality: 'restricted' })

    await expect(addOutboxRow(db, { caseId, state: 'sending' })).rejects.toMatchObject(refused)
  })

  it('officers are told of it', async () => {
    const { id: caseId } = await addCase(db, { confidentiality: 'restricted' })

    await expect(addOutboxRow(db, { caseId, audience: 'officer' })).resolves.toBeDefined()
  })

  it.each<[OutboxState, string]>([
    ['unknown', 'pending'],
    ['needs_person', 'pending'],
    ['sending', 'pending'],
  ])('a row that was %s when it became restricted cannot become %s', async (from, to) => {
    const { id: caseId } = await addCase(db)
    const id = await rowIn(from, { caseId })
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', caseId).execute()

    const moved = db.updateTable('outbox').set({ state: to }).where('id', '=', id).execute()

    await expect(moved).rejects.toMatchObject(refused)
  })

  it('a row cannot be handed to a restricted case', async () => {
    const { id: caseId } = await addCase(db, { confidentiality: 'restricted' })
    const id = await addOutboxRow(db)

    await expect(db.updateTable('outbox').set({ caseId }).where('id', '=', id).execute()).rejects.toMatchObject(refused)
  })

  it('an officer’s message cannot be turned into a public one', async () => {
    const { id: caseId } = await addCase(db, { confidentiality: 'restricted' })
    const id = await addOutboxRow(db, { caseId, audience: 'officer' })

    const turned = db.updateTable('outbox').set({ audience: 'public', ordinal: 1 }).where('id', '=', id).execute()

    await expect(turned).rejects.toMatchObject(refused)
  })

  it('a public message belongs to a case', async () => {
    const insert = sql`insert into outbox (id, account_id, unit_id, origin_id, kind, audience, ordinal, address,
        address_key, place_kind, place_id, text, lane, due_at, created_at, changed_at)
      select gen_random_uuid(), id, unit_id, gen_random_uuid(), 'answer', 'public', 1, '{}', 'k', 'post', '1', 'x', 2,
        now(), now(), now() from accounts limit 1`
    await addAccount(db)

    // Even before the check: a case that is not there is not public.
    await expect(insert.execute(db)).rejects.toMatchObject(refused)
  })
})

describe('a case that becomes restricted', () => {
  it('takes back what has not left', async () => {
    const { id: caseId } = await addCase(db)
    const answer = await rowIn('pending', { caseId, ordinal: 1 })
    const acknowledgement = await rowIn('pending', {
      caseId,
      ordinal: 2,
      kind: 'acknowledgement',
      audience: 'resident',
    })

    await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', caseId).execute()

    expect([await stateOf(answer), await stateOf(acknowledgement)]).toEqual(['cancelled', 'cancelled'])
  })

  it('leaves officers’ messages and other cases alone', async () => {
    const { id: caseId } = await addCase(db)
    const card = await rowIn('pending', { caseId, audience: 'officer' })
    const elsewhere = await rowIn('pending')

    await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', caseId).execute()

    expect([await stateOf(card), await stateOf(elsewhere)]).toEqual(['pending', 'pending'])
  })

  it.each(['sending', 'sent', 'confirmed', 'unknown', 'needs_person', 'rejected'] as const)(
    'does not pretend that a %s row never left',
    async (state) => {
      const { id: caseId } = await addCase(db)
      const id = await rowIn(state, { caseId })

      await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', caseId).execute()

      expect(await stateOf(id)).toBe(state)
    },
  )

  it('and public again gives nothing back', async () => {
    const { id: caseId } = await addCase(db)
    const id = await rowIn('pending', { caseId })

    for (const confidentiality of ['restricted', 'public']) {
      await db.updateTable('cases').set({ confidentiality }).where('id', '=', caseId).execute()
    }

    expect(await stateOf(id)).toBe('cancelled')
  })

  it('waits for a row that is being queued, and takes it back too', async () => {
    const { id: caseId, accountId } = await addCase(db)
    const queued = Promise.withResolvers<OutboxId>()
    const commit = Promise.withResolvers<void>()
    const queueing = db.transaction().execute(async (tx) => {
      queued.resolve(await addOutboxRow(tx, { caseId, accountId }))
      await commit.promise
    })
    const id = await queued.promise

    const restricting = db
      .updateTable('cases')
      .set({ confidentiality: 'restricted' })
      .where('id', '=', caseId)
      .execute()
    commit.resolve()
    await Promise.all([queueing, restricting])

    expect(await stateOf(id)).toBe('cancelled')
  })
})

describe('doubles', () => {
  it('the same origin, kind, address and version is one row', async () => {
    const { id: caseId, accountId, originEventId } = await addCase(db)
    const same = { caseId, accountId, originId: originEventId, address: { type: 'comment', commentId: '1_2' } }
    await addOutboxRow(db, { ...same, ordinal: 1 })

    await expect(addOutboxRow(db, { ...same, ordinal: 2 })).rejects.toMatchObject({ code: '23505' })
  })

  it('a number is given once in a case', async () => {
    const { id: caseId, accountId } = await addCase(db)
    await addOutboxRow(db, { caseId, accountId, ordinal: 1 })

    await expect(addOutboxRow(db, { caseId, accountId, ordinal: 1 })).rejects.toMatchObject({ code: '23505' })
  })

  it('the same number in another case is another mark', async () => {
    await addOutboxRow(db, { ordinal: 1 })

    await expect(addOutboxRow(db, { ordinal: 1 })).resolves.toBeDefined()
  })
})

describe('sets that are closed', () => {
  it.each([
    ['kind', { kind: 'tweet' }],
    ['audience', { audience: 'press' }],
    ['state', { state: 'lost' }],
    ['place', { placeKind: 'story' }],
    ['lane', { lane: 6 }],
    ['a public text without a number', { ordinal: null }],
    ['an officer’s text with one', { audience: 'officer', ordinal: 1 }],
    ['a picture without its file', { kind: 'file', audience: 'officer', ordinal: null }],
  ])('%s', async (_what, given) => {
    await expect(addOutboxRow(db, given)).rejects.toMatchObject({ code: expect.stringMatching(/^(23514|23000)$/) })
  })

  it.each([
    ['kind', OutboundKind.options],
    ['audience', Audience.options],
    ['state', OutboxState.options],
  ] as const)('%s is the same in the program', async (column, words) => {
    const { rows } = await sql<{ definition: string }>`select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = 'outbox'::regclass and conname = ${`outbox_${column}_check`}`.execute(db)
    const said = rows.flatMap(({ definition }) => [...definition.matchAll(/'(\w+)'/g)].map(([, word]) => word))

    expect(said.sort()).toEqual([...words].sort())
  })

  it('every state says what may follow it', () => {
    expect(Object.keys(outboxTransitions).sort()).toEqual([...OutboxState.options].sort())
  })
})
