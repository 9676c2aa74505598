import { beforeEach, describe, expect, it } from 'vitest'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import { NotSentError, OutcomeUnknownError, type Publisher, RejectedError } from '../../src/outbox/publisher.ts'
import { type SendContext, type SendReport, sendNext } from '../../src/outbox/send.ts'
import { addAccount, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { later, pacing, readRow, rememberTrouble } from './stage.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

/** A platform that does what the test says and remembers what it was handed. */
function platform(answer: (message: OutboundMessage) => Promise<{ messageId: string | null }>): {
  publisher: Publisher
  handed: OutboundMessage[]
} {
  const handed: OutboundMessage[] = []
  const publisher: Publisher = {
    capabilities: { readBack: true, quote: false, maxTextChars: 8_000 },
    send: (message) => {
      handed.push(message)
      return answer(message)
    },
    findOwn: async () => ({ found: 'unknowable' }),
  }
  return { publisher, handed }
}

const accepts = platform(async () => ({ messageId: '1_9' }))
const says = (error: Error) => platform(() => Promise.reject(error)).publisher

function context(publisher: Publisher | null, given: Partial<SendContext> = {}): SendContext {
  return {
    db,
    clock: () => now,
    random: () => 0,
    publisherOf: async () => publisher,
    onTrouble: async () => {},
    ...given,
  }
}

const send = (publisher: Publisher | null, given: Partial<SendContext> = {}): Promise<SendReport | null> =>
  sendNext(context(publisher, given), 'facebook', pacing)

describe('sending one row', () => {
  it('hands it to the publisher of its account, once, and reports it', async () => {
    const { publisher, handed } = platform(async () => ({ messageId: '1_9' }))
    const id = await addOutboxRow(db)
    const row = await readRow(db, id)

    const report = await send(publisher)

    expect(report).toEqual({ id, accountId: row.accountId, caseId: row.caseId, state: 'sent', errorCode: null })
    expect(handed).toMatchObject([{ id, text: row.text, address: row.address }])
    expect(await readRow(db, id)).toMatchObject({ state: 'sent', messageId: '1_9' })
  })

  it('with nothing due asks nobody', async () => {
    expect(await send(says(new Error('must not be called')))).toBeNull()
  })

  it('is not repeated while it waits to be confirmed', async () => {
    await addOutboxRow(db)
    await send(accepts.publisher)

    expect(await send(accepts.publisher, { clock: () => later(10 ** 8) })).toBeNull()
  })
})

describe('when it does not go well', () => {
  it.each<[string, Error, string, string]>([
    ['refused for now', new NotSentError('busy', { platformCode: '2' }), 'unknown', '2'],
    [
      'never reached',
      new NotSentError('down', { answered: false, platformCode: 'ECONNREFUSED' }),
      'pending',
      'ECONNREFUSED',
    ],
    ['refused for good', new RejectedError('gone', { platformCode: '100' }), 'unknown', '100'],
    ['refused beforehand', new RejectedError('too long', { answered: false }), 'rejected', 'rejected'],
    ['no answer', new OutcomeUnknownError('reset', { platformCode: 'ECONNRESET' }), 'unknown', 'ECONNRESET'],
    ['a bug of ours, somewhere on the way', new TypeError('undefined is not a function'), 'unknown', 'publisher_bug'],
  ])('%s', async (_what, error, state, errorCode) => {
    const id = await addOutboxRow(db)

    expect(await send(says(error))).toMatchObject({ state, errorCode })

    expect(await readRow(db, id)).toMatchObject({ state, errorCode })
  })

  it('an account that cannot send at the moment keeps its row', async () => {
    const id = await addOutboxRow(db)

    expect(await send(null)).toMatchObject({ state: 'pending', errorCode: 'not_sent' })

    expect(await readRow(db, id)).toMatchObject({ state: 'pending', attempts: 1 })
  })

  it('a publisher that cannot even be opened is a bug: its row is looked for', async () => {
    await addOutboxRow(db)
    const publisherOf = (): Promise<Publisher> => Promise.reject(new Error('the secret cannot be opened'))

    expect(await send(null, { publisherOf })).toMatchObject({ state: 'unknown', errorCode: 'publisher_bug' })
  })

  it('a process that slept over its lease sends nothing', async () => {
    const { publisher, handed } = platform(async () => ({ messageId: '1_9' }))
    await addOutboxRow(db)
    const ticks = [now, later(60_001), later(60_001)]

    const report = await send(publisher, { clock: () => ticks.shift() ?? later(60_001) })

    expect(report).toMatchObject({ state: 'pending' })
    expect(handed).toEqual([])
  })
})

describe('the last attempt', () => {
  const atLast = { attempts: 7 } // the eighth follows

  it('refused although nothing says to wait: a person has to look', async () => {
    await addOutboxRow(db, { ...atLast, audience: 'officer' })
    const { told, onTrouble } = rememberTrouble()

    expect(await send(says(new NotSentError('busy')), { onTrouble })).toMatchObject({ state: 'needs_person' })

    expect(told).toEqual(['needs_person'])
  })

  it.each<[string, NotSentError]>([
    ['the platform was never reached', new NotSentError('down', { answered: false })],
    ['the platform said how long to wait', new NotSentError('busy', { advice: { do: 'wait', untilMs: 0 } })],
    ['the account has to be repaired', new NotSentError('token', { advice: { do: 'stop', reason: 'token' } })],
  ])('%s: it waits as long as it takes', async (_why, error) => {
    await addOutboxRow(db, { ...atLast, audience: 'officer' })

    expect(await send(says(error))).toMatchObject({ state: 'pending' })
  })

  it('that succeeds is a success', async () => {
    await addOutboxRow(db, atLast)

    expect(await send(accepts.publisher)).toMatchObject({ state: 'sent' })
  })

  it('before the last it is simply tried again', async () => {
    await addOutboxRow(db, { attempts: 6, audience: 'officer' })

    expect(await send(says(new NotSentError('busy')))).toMatchObject({ state: 'pending' })
  })
})

describe('the pace', () => {
  it.each([
    [0, 10_000],
    [0.5, 11_500],
    [0.999999, 12_999],
  ])('a draw of %d makes a gap of %d ms', async (draw, gapMs) => {
    await addOutboxRow(db)

    await send(accepts.publisher, { random: () => draw })

    const { nextSendAt } = await db.selectFrom('accountLanes').select('nextSendAt').executeTakeFirstOrThrow()
    expect(nextSendAt).toEqual(later(gapMs))
  })

  it('two rows of one account are never under way together', async () => {
    const accountId = await addAccount(db)
    await addOutboxRow(db, { accountId, audience: 'officer' })
    await addOutboxRow(db, { accountId, audience: 'officer' })
    const gate = Promise.withResolvers<{ messageId: string }>()
    const { publisher, handed } = platform(() => gate.promise)

    const [first, second] = [send(publisher), send(publisher)]
    const early = await Promise.race([first, second])
    gate.resolve({ messageId: '1' })

    expect(early).toBeNull()
    expect((await Promise.all([first, second])).filter((report) => report !== null)).toHaveLength(1)
    expect(handed).toHaveLength(1)
  })
})
