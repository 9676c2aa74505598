import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../queues/run.ts'
import { shippedTimings } from '../../queues/timings.ts'

const policy = { attempts: 10, firstDelayMs: 2_000, maxDelayMs: 300_000 }

describe('the wait before the next try', () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [8, 256_000],
    [9, 300_000],
    [10, 300_000],
  ])('after %d tries is at most %d ms', (made, longest) => {
    expect(backoffMs(policy, made, 0.999_999, 1)).toBe(longest)
    expect(backoffMs(policy, made, 0, 1)).toBe(longest / 2)
  })

  it('is a whole number, whatever chance and scale say', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const scale = fc.double({ min: 0.0001, max: 10, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), chance, scale, (made, random, factor) => {
        const wait = backoffMs(policy, made, random, factor)
        expect(Number.isSafeInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('shipped waits', () => {
  it('are these', () => {
    expect(shippedTimings).toEqual({
      connectWithinMs: 30_000,
      connectRetryMs: 500,
      lockDurationMs: 10_000,
      stalledCheckMs: 5_000,
      idlePollSeconds: 30,
      reconnectMs: 1_000,
      sweepEveryMs: 60_000,
      delayGrainMs: 1_000,
      retryDelayScale: 1,
      keepFailedSeconds: 1_209_600,
    })
  })
})
