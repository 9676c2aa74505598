import { beforeEach, expect, it } from 'vitest'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { claimNext, nextDue } from '../../src/outbox/claim.ts'
import { NotSentError, type Publisher } from '../../src/outbox/publisher.ts'
import { type SendContext, sendNext } from '../../src/outbox/send.ts'
import { addAccount, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const limits = { leaseMs: 60_000, perDay: 300 }
const pacing = { ...limits, gapMs: 3_000, jitterMs: 0, retryMs: 5_000, settleMs: 10_000, maxAttempts: 8 }

beforeEach(() => emptyTables(db))

it('what waits for an account that cannot send is neither claimed nor waited for', async () => {
  const [away, here] = [await accountWithCard(), await accountWithCard()]

  const claim = await claimNext(db, 'zalo', now, limits, [here])

  expect(claim?.message.accountId).toBe(here)
  expect(await claimNext(db, 'zalo', now, limits, [here])).toBeNull()
  expect(await nextDue(db, 'zalo', now, 300, [here])).toBeNull()
  expect(await nextDue(db, 'zalo', now, 300, [away])).toEqual(now)
})

it('a send that never reached the platform does not count against the day', async () => {
  const accountId = await accountWithCard()

  await sendNext(contextWith(new NotSentError('no network', { answered: false })), 'zalo', pacing)
  const unreached = await sentToday(accountId)
  await db.updateTable('outbox').set({ dueAt: now }).execute()
  await db.updateTable('accountLanes').set({ nextSendAt: now }).execute()
  await sendNext(contextWith(new NotSentError('too often')), 'zalo', pacing)

  expect([unreached, await sentToday(accountId)]).toEqual([0, 1])
})

it('what could not be reached again and again is still tried every minute', async () => {
  await accountWithCard({ attempts: 100 })

  await sendNext(contextWith(new NotSentError('no network', { answered: false })), 'zalo', pacing)

  const row = await db.selectFrom('outbox').select(['state', 'dueAt']).executeTakeFirstOrThrow()
  expect(row).toEqual({ state: 'pending', dueAt: plusMs(now, 40_000) })
})

it('a claim that has grown old while its publisher was made ready is not sent', async () => {
  await accountWithCard()
  let at = now
  const sent: string[] = []
  const publisher: Publisher = { ...silent, send: async ({ id }) => ({ messageId: String(sent.push(id)) }) }

  const report = await sendNext(
    {
      ...contextWith(publisher),
      clock: () => at,
      publisherOf: async () => {
        at = plusMs(now, limits.leaseMs + 1) // the process slept
        return publisher
      },
    },
    'zalo',
    pacing,
  )

  expect([report?.state, sent]).toEqual(['pending', []])
})

const silent: Publisher = {
  capabilities: { readBack: false, quote: true, maxTextChars: 2_000 },
  send: async () => ({ messageId: '1' }),
  findOwn: async () => ({ found: 'unknowable' }),
}

function contextWith(outcome: Error | Publisher): SendContext {
  const failing = async (): Promise<never> => {
    throw outcome
  }
  return {
    db,
    clock: () => now,
    random: () => 0,
    publisherOf: async () => (outcome instanceof Error ? { ...silent, send: failing } : outcome),
    onTrouble: async () => {},
  }
}

async function accountWithCard(row: { attempts?: number } = {}): Promise<AccountId> {
  const accountId = await addAccount(db, { platform: 'zalo' })
  await addOutboxRow(db, { accountId, audience: 'officer', text: 'Câu hỏi mới · DH-7KM-3QP', ...row })
  return accountId
}

async function sentToday(accountId: AccountId): Promise<number> {
  const lane = db.selectFrom('accountLanes').select('sentToday').where('accountId', '=', accountId)
  return (await lane.executeTakeFirstOrThrow()).sentToday
}
