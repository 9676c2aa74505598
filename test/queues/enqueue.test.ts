import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEnqueue, type JobToAdd, toJob } from '../../queues/enqueue.ts'
import { shippedTimings } from '../../queues/timings.ts'
import { EventId, newId } from '../../src/lib/ids.ts'

const at = new Date('2026-11-24T08:00:00.250Z')
const clock = (): Date => at
const eventId = newId(EventId, at)

describe('a job to add', () => {
  it('has its lane as priority, whole numbers, and goes when it is done', () => {
    expect(toJob('triage', { eventId }, { lane: 'live' }, clock, shippedTimings)).toEqual({
      name: 'triage',
      data: { eventId },
      opts: {
        priority: 2,
        attempts: 10,
        backoff: { type: 'custom' },
        removeOnComplete: true,
        removeOnFail: { age: 1_209_600 },
        deduplication: { id: `triage.${eventId}`, keepLastIfActive: true },
      },
    })
  })

  it.each([
    ['none', {}],
    ['an unknown one', { lane: 'fast' }],
    ['an inherited word', { lane: 'constructor' }],
  ])('a job with %s for a lane is refused', (_what, options) => {
    const untyped: (...args: never[]) => JobToAdd = toJob

    expect(() => Reflect.apply(untyped, null, ['triage', { eventId }, options, clock, shippedTimings])).toThrow(
      'expected a lane such as "live" for a job of triage',
    )
  })

  it('a payload with more than ids is refused', () => {
    const withText = { eventId, text: 'đường ngập' }

    expect(() => toJob('triage', withText, { lane: 'live' }, clock, shippedTimings)).toThrow()
  })

  it('due times are whole, never early, late by less than a grain, and equal ones share an id', () => {
    const due = fc.double({ min: 0.001, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(due, due, fc.integer({ min: 1, max: 5_000 }), (first, second, delayGrainMs) => {
        const timings = { ...shippedTimings, delayGrainMs }
        const [a, b] = [first, second].map((delayMs) =>
          toJob('send-zalo', {}, { lane: 'live', delayMs }, clock, timings),
        )
        const delay = a?.opts.delay ?? -1
        expect(Number.isInteger(delay)).toBe(true)
        expect(delay).toBeGreaterThanOrEqual(first)
        expect(delay).toBeLessThan(first + delayGrainMs + 1)
        expect(a?.opts.deduplication?.id === b?.opts.deduplication?.id).toBe(a?.opts.delay === b?.opts.delay)
        expect(a?.opts.deduplication?.id).not.toBe('send-zalo')
      }),
    )
  })
})

describe('handing over many', () => {
  it('goes in batches of 500, in order', async () => {
    const batches: JobToAdd[][] = []
    const { many } = createEnqueue(async (_name, jobs) => void batches.push([...jobs]), clock, shippedTimings)
    const payloads = Array.from({ length: 1_001 }, () => ({ eventId: newId(EventId, at) }))

    await many('triage', payloads, { lane: 'backfill' })

    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 1])
    expect(batches.flat().map((job) => job.data)).toEqual(payloads)
  })

  it('one wrong payload hands over nothing', async () => {
    const batches: unknown[] = []
    const { many } = createEnqueue(async (_name, jobs) => void batches.push(jobs), clock, shippedTimings)
    const wrong = { ...{ eventId }, text: 'đường ngập' }

    await expect(many('triage', [{ eventId }, wrong], { lane: 'backfill' })).rejects.toThrow()

    expect(batches).toEqual([])
  })
})
