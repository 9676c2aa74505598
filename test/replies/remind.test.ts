import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterQuiet, beforeQuiet, isQuiet } from '../../src/dispatch/quiet.ts'
import { remindAt } from '../../src/replies/remind.ts'

/** A moment of that day and the next in Viet Nam. */
const vn = (day: string, time: string): Date => new Date(`${day}T${time}:00+07:00`)

describe('the quiet hours', () => {
  it.each([
    ['21:29', false],
    ['21:30', true],
    ['23:59', true],
    ['00:00', true],
    ['05:59', true],
    ['06:00', false],
    ['12:00', false],
  ])('at %s: %s', (time, quiet) => {
    expect(isQuiet(vn('2026-03-02', time))).toBe(quiet)
  })

  it.each([
    ['22:00', vn('2026-03-03', '06:00'), vn('2026-03-02', '21:30')],
    ['01:15', vn('2026-03-02', '06:00'), vn('2026-03-01', '21:30')],
    ['12:00', vn('2026-03-02', '12:00'), vn('2026-03-02', '12:00')],
  ])('%s lies between two moments', (time, after, before) => {
    expect([afterQuiet(vn('2026-03-02', time)), beforeQuiet(vn('2026-03-02', time))]).toEqual([after, before])
  })
})

describe('the reminder that a window ends', () => {
  it.each([
    ['with a quarter left by day', '14:00', false, vn('2026-03-02', '08:00')],
    ['in the morning where that is early enough', '08:00', false, vn('2026-03-02', '06:00')],
    ['at night, when it is urgent', '08:00', true, vn('2026-03-02', '02:00')],
    ['with half an hour left at least', '06:30', false, vn('2026-03-02', '06:00')],
    ['on the evening before, where the morning is too late', '06:15', false, vn('2026-03-01', '21:15')],
    ['on the evening before a window that ends at night', '03:00', false, vn('2026-03-01', '21:00')],
    ['on the evening, where it is due after half past nine', '04:00', false, vn('2026-03-01', '21:15')],
  ])('comes %s', (_when, end, urgent, at) => {
    expect(remindAt(vn('2026-03-02', end), urgent)).toEqual(at)
  })

  it('never comes in the quiet hours, and always leaves time to answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_439 }), (minutes) => {
        const end = new Date(vn('2026-03-02', '00:00').getTime() + minutes * 60_000)
        const at = remindAt(end, false)

        expect(isQuiet(at)).toBe(false)
        expect(end.getTime() - at.getTime()).toBeGreaterThanOrEqual(30 * 60_000)
        expect(end.getTime() - at.getTime()).toBeLessThan(24 * 3_600_000)
      }),
    )
  })
})
