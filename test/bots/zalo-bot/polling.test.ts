import { describe, expect, it } from 'vitest'
import type { BotFailure } from '../../../bots/zalo-bot/failure.ts'
import { nextPoll, type Polling, untried } from '../../../bots/zalo-bot/polling.ts'
import { quickWaits as waits } from './stage.ts'

const now = { waits, random: 0 }
const failed = (failure: Partial<BotFailure>) => ({
  is: 'failed' as const,
  failure: {
    method: 'getUpdates',
    http: 200,
    code: null,
    transport: null,
    reached: true,
    retryAfterMs: null,
    ...failure,
  },
})
const unreached = failed({ http: null, transport: 'ECONNREFUSED', reached: false })

describe('asking for updates', () => {
  it('an answer is followed by the next question at once, and is news only once', () => {
    const first = nextPoll(untried, { is: 'answered' }, now)
    expect(first).toMatchObject({ waitMs: 0, tell: { state: 'connected' } })
    expect(nextPoll(first.polling, { is: 'answered' }, now).tell).toBeNull()
  })

  it('troubles in a row wait longer and longer up to a limit, and only a row of them is told', () => {
    let polling: Polling = untried
    const waited: number[] = []
    const told: unknown[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      const next = nextPoll(polling, unreached, now)
      polling = next.polling
      waited.push(next.waitMs)
      told.push(next.tell?.reason ?? null)
    }

    expect(waited).toEqual([5, 10, 20, 20, 20])
    expect(told).toEqual([null, 'poll_ECONNREFUSED', null, null, null])
    expect(nextPoll(polling, { is: 'answered' }, now).polling).toEqual({ failures: 0, throttles: 0, told: 'connected' })
  })

  it.each([
    ['a dead token', failed({ code: 401 }), 'suspended', waits.repairMs],
    ['HTML instead of an answer to a dead token', failed({ http: 404 }), 'suspended', waits.repairMs],
    ['too often', failed({ code: 429 }), 'reconnecting', waits.throttledMs],
    ['too often, with a word on how long', failed({ code: 429, retryAfterMs: 70 }), 'reconnecting', 70],
    ['a webhook of somebody else', { is: 'webhook_set' as const }, 'evicted', waits.repairMs],
  ])('%s', (_what, polled, state, waitMs) => {
    expect(nextPoll(untried, polled, now)).toMatchObject({ waitMs, tell: { state } })
  })
})
