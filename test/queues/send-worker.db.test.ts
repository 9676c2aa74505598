import { beforeEach, expect, it } from 'vitest'
import type { JobContext } from '../../queues/run.ts'
import { sendWorker } from '../../queues/workers/send.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import type { Publisher } from '../../src/outbox/publisher.ts'
import { addAccount, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

it('a Page whose platform keeps a call waiting does not hold up what another Page is given meanwhile', async () => {
  const slow = await addAccount(db, { platform: 'facebook' })
  const quick = await addAccount(db, { platform: 'facebook' })
  const answer = Promise.withResolvers<void>()
  const began: AccountId[] = []
  const run = work((accountId) => async () => {
    began.push(accountId)
    if (accountId === slow) await answer.promise
    return { messageId: `1_${began.length}` }
  })
  await addOutboxRow(db, { accountId: slow })
  const running = run()
  await until(() => began.includes(slow), { what: 'the slow Page is asked' })

  const row = await addOutboxRow(db, { accountId: quick })
  await until(async () => (await stateOf(row)) === 'sent', { what: 'the quick Page’s row is sent' })

  expect(began).toEqual([slow, quick])
  answer.resolve()
  await running
})

/** The worker of Facebook's sends, with this publisher for every account. */
function work(send: (id: AccountId) => Publisher['send']): () => Promise<void> {
  const noPause = { gapMs: 0, jitterMs: 0, perDay: 1_000, leaseMs: 60_000, retryMs: 5_000, settleMs: 0, maxAttempts: 8 }
  const workshop = {
    db,
    clock: () => now,
    random: () => 0,
    able: () => null,
    publisherOf: async (id: AccountId) => ({
      capabilities: { readBack: true, quote: false, maxTextChars: 8_000 },
      send: send(id),
      findOwn: async () => ({ found: 'unknowable' as const }),
    }),
    enqueue: async () => {},
    pacing: { send: { facebook: noPause, zalo: noPause, zalo_bot: noPause, zalo_oa: noPause }, settleMs: 0 },
  }
  const context: JobContext = {
    log: createLog('silent'),
    lane: 'live',
    attempt: 1,
    isLastAttempt: false,
    signal: new AbortController().signal,
  }
  return () => sendWorker(workshop, 'facebook')({}, context)
}

async function stateOf(id: Awaited<ReturnType<typeof addOutboxRow>>): Promise<string> {
  return (await db.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
}
