import { beforeEach, describe, expect, it } from 'vitest'
import { confirmRow } from '../../src/outbox/confirm.ts'
import { NotSentError } from '../../src/outbox/publisher.ts'
import { markUnknown } from '../../src/outbox/settle.ts'
import { addAccount, addCase, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { later, mustClaim, readRow, rememberTrouble, settled } from './stage.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

describe('a verdict that is written down', () => {
  it('sent: the id is kept and it is looked for a little later', async () => {
    const id = await addOutboxRow(db)

    expect(await settled(db, await mustClaim(db), { messageId: '1_9', at: later(900) })).toBe(true)

    expect(await readRow(db, id)).toMatchObject({
      state: 'sent',
      messageId: '1_9',
      nextLookAt: later(10_900),
      attemptEndedAt: later(900),
      errorCode: null,
    })
  })

  it('sent without an id leaves the id open', async () => {
    const id = await addOutboxRow(db)

    await settled(db, await mustClaim(db))

    expect(await readRow(db, id)).toMatchObject({ state: 'sent', messageId: null })
  })

  it('unknown: it says what to do once its absence is proved, and when to look', async () => {
    const id = await addOutboxRow(db)

    await settled(db, await mustClaim(db), { state: 'unknown', ifAbsent: 'reject', errorCode: '100' })

    expect(await readRow(db, id)).toMatchObject({
      state: 'unknown',
      ifAbsent: 'reject',
      errorCode: '100',
      nextLookAt: later(10_000),
    })
  })

  it.each([
    ['refused', true, 1, 5_000],
    ['refused', true, 2, 10_000],
    ['refused', true, 8, 640_000],
    ['refused', true, 9, 1_280_000],
    ['refused', true, 40, 1_280_000],
    ['never reached', false, 1, 5_000],
    ['never reached', false, 4, 40_000],
    ['never reached', false, 40, 40_000],
  ])('%s (%s) at attempt %d: again after %d ms', async (_what, wasReached, attempts, waitMs) => {
    const id = await addOutboxRow(db, { attempts: attempts - 1 })

    await settled(db, await mustClaim(db), { state: 'pending', errorCode: 'ECONNREFUSED', wasReached })

    expect(await readRow(db, id)).toMatchObject({
      state: 'pending',
      attempts,
      dueAt: later(waitMs),
      errorCode: 'ECONNREFUSED',
    })
  })

  it.each(['rejected', 'needs_person'] as const)('%s: a person is told', async (state) => {
    await addOutboxRow(db)
    const { told, onTrouble } = rememberTrouble()

    await settled(db, await mustClaim(db), { state, errorCode: '100', onTrouble })

    expect(told).toEqual([state])
  })

  it('when telling a person fails, nothing is written, so that it is told later', async () => {
    const id = await addOutboxRow(db)
    const claim = await mustClaim(db)
    const fails = (): Promise<void> => Promise.reject(new Error('no case'))

    await expect(settled(db, claim, { state: 'rejected', onTrouble: fails })).rejects.toThrow('no case')

    expect(await readRow(db, id)).toMatchObject({ state: 'sending' })
  })

  it('begins the gap of its account', async () => {
    await addOutboxRow(db)

    await settled(db, await mustClaim(db), { messageId: '1_9', at: later(500) })

    const lane = await db.selectFrom('accountLanes').selectAll().executeTakeFirstOrThrow()
    expect(lane).toMatchObject({ nextSendAt: later(10_500), sentToday: 1 })
  })

  it('what never reached the platform does not count against the day', async () => {
    await addOutboxRow(db)

    await settled(db, await mustClaim(db), { state: 'pending', wasReached: false })

    const lane = await db.selectFrom('accountLanes').selectAll().executeTakeFirstOrThrow()
    expect(lane).toMatchObject({ nextSendAt: later(10_000), sentToday: 0, sentOn: null })
  })
})

describe('a verdict that comes too late', () => {
  it('does not undo what the echo has told', async () => {
    const id = await addOutboxRow(db)
    const claim = await mustClaim(db)
    await db.transaction().execute((tx) => confirmRow(tx, id, '1_9', now))
    const { told, onTrouble } = rememberTrouble()

    expect(await settled(db, claim, { state: 'rejected', onTrouble })).toBe(false)

    expect(await readRow(db, id)).toMatchObject({ state: 'confirmed', messageId: '1_9' })
    expect(told).toEqual([])
  })

  it('does not send again what was taken for lost', async () => {
    const id = await addOutboxRow(db)
    const claim = await mustClaim(db)
    await markUnknown(db, later(120_001), 120_000)

    expect(await settled(db, claim, { state: 'pending', at: later(130_000) })).toBe(false)

    expect(await readRow(db, id)).toMatchObject({ state: 'unknown' })
  })

  it('but says that it arrived after all', async () => {
    const id = await addOutboxRow(db)
    const claim = await mustClaim(db)
    await markUnknown(db, later(120_001), 120_000)

    expect(await settled(db, claim, { messageId: '1_9', at: later(130_000) })).toBe(true)

    expect(await readRow(db, id)).toMatchObject({ state: 'sent', messageId: '1_9' })
  })

  it('of an older attempt says nothing about a newer one', async () => {
    const id = await addOutboxRow(db)
    const old = await mustClaim(db)
    await db.updateTable('outbox').set({ state: 'unknown' }).execute()
    await db.updateTable('outbox').set({ state: 'pending' }).execute()
    await mustClaim(db, later(60_000))

    expect(await settled(db, old, { messageId: '1_9', at: later(61_000) })).toBe(false)

    expect(await readRow(db, id)).toMatchObject({ state: 'sending', fence: '2', messageId: null })
  })
})

describe('a row whose case changed while it was under way', () => {
  const notSent = { state: 'pending', errorCode: 'ECONNREFUSED' } as const

  it.each<[string, { confidentiality?: string; status?: string }]>([
    ['restricted', { confidentiality: 'restricted' }],
    ['withdrawn by who asked', { status: 'withdrawn' }],
    ['answered on the platform itself', { status: 'answered_outside' }],
  ])('%s: it is not tried again', async (_what, change) => {
    const about = await addCase(db)
    const id = await addOutboxRow(db, { caseId: about.id, accountId: about.accountId })
    const claim = await mustClaim(db)
    await db.updateTable('cases').set(change).execute()

    expect(await settled(db, claim, notSent)).toBe(true)

    expect(await readRow(db, id)).toMatchObject({ state: 'cancelled' })
  })

  it('restricted: officers’ messages about it still go', async () => {
    const about = await addCase(db)
    const id = await addOutboxRow(db, { caseId: about.id, accountId: about.accountId, audience: 'officer' })
    const claim = await mustClaim(db)
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).execute()

    await settled(db, claim, notSent)

    expect(await readRow(db, id)).toMatchObject({ state: 'pending' })
  })

  it('restricted: what was sent was sent', async () => {
    const about = await addCase(db)
    const id = await addOutboxRow(db, { caseId: about.id, accountId: about.accountId })
    const claim = await mustClaim(db)
    await db.updateTable('cases').set({ confidentiality: 'restricted' }).execute()

    await settled(db, claim, { messageId: '1_9' })

    expect(await readRow(db, id)).toMatchObject({ state: 'sent' })
  })
})

describe('a sender that died', () => {
  it('leaves a row that nobody knows about, to be looked for at once', async () => {
    const id = await addOutboxRow(db)
    await mustClaim(db)

    expect(await markUnknown(db, later(120_001), 120_000)).toEqual([id])

    expect(await readRow(db, id)).toMatchObject({
      state: 'unknown',
      ifAbsent: 'retry',
      errorCode: 'sender_died',
      nextLookAt: later(120_001),
    })
  })

  it('is not assumed before its time is over', async () => {
    const id = await addOutboxRow(db)
    await mustClaim(db)

    expect(await markUnknown(db, later(120_000), 120_000)).toEqual([])

    expect(await readRow(db, id)).toMatchObject({ state: 'sending' })
  })

  it.each(['pending', 'sent', 'confirmed', 'cancelled', 'needs_person'])('a %s row has no sender', async (state) => {
    await addOutboxRow(db, { state, claimedAt: later(-999_999) })

    expect(await markUnknown(db, now, 120_000)).toEqual([])
  })

  it('twice is marked once', async () => {
    await addOutboxRow(db)
    await mustClaim(db)
    await markUnknown(db, later(120_001), 120_000)

    expect(await markUnknown(db, later(120_002), 120_000)).toEqual([])
  })
})

it('an advice to wait pauses the account, whatever became of the row', async () => {
  const accountId = await addAccount(db)
  await addOutboxRow(db, { accountId, audience: 'officer' })
  const busy = new NotSentError('busy', { advice: { do: 'wait', untilMs: later(900_000).getTime() } })

  await settled(db, await mustClaim(db), { state: 'pending', advice: busy.advice })

  const lane = await db.selectFrom('accountLanes').selectAll().executeTakeFirstOrThrow()
  expect(lane).toMatchObject({ pausedUntil: later(900_000), pauseReason: 'throttled' })
})
