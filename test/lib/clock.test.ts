import { describe, expect, it } from 'vitest'
import { plusMs, systemClock, vietnamDay, vietnamHour } from '../../src/lib/clock.ts'
import { lanes } from '../../src/lib/lane.ts'

describe('plusMs', () => {
  const at = new Date('2026-03-02T02:00:00Z')

  it.each([
    ['forward', 1_500, '2026-03-02T02:00:01.500Z'],
    ['backward', -1_500, '2026-03-02T01:59:58.500Z'],
    ['not at all', 0, '2026-03-02T02:00:00.000Z'],
    ['over midnight', 22 * 3_600_000, '2026-03-03T00:00:00.000Z'],
  ])('%s', (_fact, ms, moved) => {
    expect(plusMs(at, ms).toISOString()).toBe(moved)
  })

  it('leaves the given moment alone', () => {
    plusMs(at, 99)

    expect(at.toISOString()).toBe('2026-03-02T02:00:00.000Z')
  })
})

it('the system clock is the machine’s', () => {
  const before = Date.now()
  const now = systemClock().getTime()

  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

it('a call for help goes before a live message, and bulk work last', () => {
  expect(Object.entries(lanes).sort(([, a], [, b]) => a - b)).toEqual([
    ['urgent', 1],
    ['live', 2],
    ['acknowledgements', 3],
    ['backfill', 4],
    ['bulk', 5],
  ])
})

describe('vietnamDay', () => {
  it.each([
    ['noon', '2026-03-02T05:00:00Z', '2026-03-02'],
    ['the last moment of a day', '2026-03-02T16:59:59.999Z', '2026-03-02'],
    ['the first moment of the next one', '2026-03-02T17:00:00Z', '2026-03-03'],
    ['the turn of the year', '2025-12-31T17:00:00Z', '2026-01-01'],
    ['a leap day', '2028-02-28T17:00:00Z', '2028-02-29'],
  ])('%s', (_fact, at, day) => {
    expect(vietnamDay(new Date(at))).toBe(day)
  })
})

it.each([
  ['2026-03-01T17:00:00Z', 0],
  ['2026-03-01T16:59:59Z', 23],
  ['2026-03-02T02:30:00Z', 9],
])('at %s it is the hour %d in Viet Nam', (at, hour) => {
  expect(vietnamHour(new Date(at))).toBe(hour)
})
