import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { silence } from '../../src/channels/silence.ts'
import { plusMs } from '../../src/lib/clock.ts'

const hour = 3_600_000
const day = 24 * hour
/** Midnight in Nghệ An, a Monday. */
const monday = new Date('2026-03-01T17:00:00Z')
const at = (days: number, hours: number): Date => plusMs(monday, days * day + hours * hour)

/** The hours of the day in which it is heard, over `days` days before Monday. */
function heard(
  days: number,
  hours: readonly number[],
  skip: (dayOfWeek: number, day: number) => boolean = () => false,
) {
  const starts: Date[] = []
  for (let back = days; back > 0; back -= 1) {
    if (skip((((-back % 7) + 7) % 7) + 1, back)) continue
    for (const one of hours) starts.push(at(-back, one))
  }
  return starts
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)
const daytime = range(7, 22)
const busy = heard(28, daytime)

describe('a Page that is heard in every hour of the day', () => {
  const last = at(-1, 21.9)

  it.each([
    ['in the middle of the night', at(0, 3), 'usual'],
    ['early in the morning, before it is usually heard', at(0, 7), 'usual'],
    ['one hour into the day', at(0, 8), 'usual'],
    ['three hours into the day', at(0, 10), 'silent'],
    ['days later', at(5, 3), 'silent'],
  ])('%s is %s', (_when, now, is) => {
    expect(silence(now, last, busy).is).toBe(is)
  })

  it('has been silent since it was last heard', () => {
    expect(silence(at(0, 15), last, busy)).toEqual({ is: 'silent', since: last })
  })
})

it.each([
  ['one comment a week', heard(28, [10], (dayOfWeek) => dayOfWeek !== 1), at(-7, 10.5), at(5, 0)],
  ['one comment on every second day', heard(28, [15], (_, back) => back % 2 === 0), at(-1, 15.5), at(2, 22)],
  ['office hours on working days, over the weekend', heard(28, range(7, 17), (d) => d > 5), at(-3, 16.5), at(0, 7.5)],
  ['a few days of history', heard(4, daytime), at(-1, 21.5), at(1, 12)],
  ['no history at all', [], at(-30, 0), at(0, 12)],
  ['a single busy evening', heard(1, range(12, 22)), at(-1, 21.5), at(6, 0)],
])('a Page with %s raises no alarm', (_name, hours, last, now) => {
  expect(silence(now, last, hours)).toEqual({ is: 'usual' })
})

it.each([
  ['office hours on working days, on Wednesday', heard(28, range(7, 17), (d) => d > 5), at(-3, 16.5), at(2, 16)],
  ['an hour in each day, after two weeks', heard(28, [9]), at(-1, 9.5), at(13, 10)],
  [
    'one outage of three days in its past',
    heard(28, daytime, (_, back) => back > 10 && back < 14),
    at(-1, 21.5),
    at(0, 11),
  ],
])('a Page with %s is silent in the end', (_name, hours, last, now) => {
  expect(silence(now, last, hours).is).toBe('silent')
})

it('a Page that was never heard is not called silent: it is unproved', () => {
  expect(silence(at(30, 0), null, busy)).toEqual({ is: 'usual' })
})

describe('whatever the history', () => {
  const history = fc
    .uniqueArray(fc.integer({ min: 0, max: 28 * 24 - 1 }), { maxLength: 400 })
    .map((hours) => hours.map((one) => at(-28, one)))
  const last = fc.integer({ min: -28 * 24 * 60, max: 0 }).map((minutes) => plusMs(monday, minutes * 60_000))
  const later = fc.integer({ min: 0, max: 60 * 24 * 60 }).map((minutes) => minutes * 60_000)

  it('nothing is strange within two hours', () => {
    fc.assert(
      fc.property(history, last, fc.integer({ min: 0, max: 2 * hour }), (hours, heardAt, ms) => {
        expect(silence(plusMs(heardAt, ms), heardAt, hours).is).toBe('usual')
      }),
    )
  })

  it('a silence goes on until something is heard', () => {
    fc.assert(
      fc.property(history, last, later, later, (hours, heardAt, a, b) => {
        const sooner = silence(plusMs(heardAt, Math.min(a, b)), heardAt, hours)
        const after = silence(plusMs(heardAt, Math.max(a, b)), heardAt, hours)
        if (sooner.is === 'silent') expect(after).toEqual(sooner)
      }),
    )
  })

  it('nights in which it was never heard never begin a silence', () => {
    const nights = (start: Date): boolean => start.getUTCHours() < 15 // 22:00 to 7:00 in Viet Nam is 15:00 to 24:00 UTC
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 9 * 60 }), (hours, minutes) => {
        const byDay = hours.filter(nights)
        const evening = at(-1, 22)
        expect(silence(plusMs(evening, minutes * 60_000), evening, byDay).is).toBe('usual')
      }),
    )
  })

  it('the order of the hours, and how often they are named, mean nothing', () => {
    fc.assert(
      fc.property(history, last, later, (hours, heardAt, ms) => {
        const now = plusMs(heardAt, ms)
        expect(silence(now, heardAt, [...hours, ...hours].reverse())).toEqual(silence(now, heardAt, hours))
      }),
    )
  })

  it('another week is like this one', () => {
    fc.assert(
      fc.property(history, last, later, (hours, heardAt, ms) => {
        const week = (date: Date): Date => plusMs(date, 7 * day)
        const shifted = silence(week(plusMs(heardAt, ms)), week(heardAt), hours.map(week))
        expect(shifted.is).toBe(silence(plusMs(heardAt, ms), heardAt, hours).is)
      }),
    )
  })
})
