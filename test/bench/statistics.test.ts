import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, pairedRatio, percentile } from '../../bench/measure/statistics.ts'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })

describe('the median', () => {
  it.each([
    ['of one value is that value', [7], 7],
    ['of an odd number is the one in the middle', [9, 1, 5], 5],
    ['of an even number lies between the two in the middle', [4, 1, 3, 2], 2.5],
    ['compares numbers, not their digits', [100, 9, 20], 20],
  ])('%s', (_fact, given, expected) => {
    expect(median(given)).toBe(expected)
  })

  it('has as many values below it as above it, and leaves its input alone', () => {
    fc.assert(
      fc.property(values, (given) => {
        const before = [...given]
        const middle = median(given)
        expect(given).toEqual(before)
        expect(given.filter((value) => value < middle).length).toBeLessThanOrEqual(given.length / 2)
        expect(given.filter((value) => value > middle).length).toBeLessThanOrEqual(given.length / 2)
      }),
    )
  })

  it('of nothing is refused', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)

  it.each([
    [0, 1],
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('%d of 1 to 100 is %d', (share, expected) => {
    expect(percentile(hundred, share)).toBe(expected)
  })

  it('is one of the values, and that share of them is not above it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const found = percentile(given, share)
        expect(given).toContain(found)
        expect(given.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * given.length - 1e-9)
      }),
    )
  })

  it.each([-0.1, 1.1, Number.NaN])('of a share of %d is refused', (share) => {
    expect(() => percentile([1], share)).toThrow(RangeError)
  })

  it('of nothing is refused', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError)
  })
})

describe('a ratio of blocks that took turns', () => {
  it('compares the blocks of one round, so a slow hour of the machine does not count', () => {
    expect(pairedRatio([90, 9, 45], [100, 10, 50])).toEqual({ median: 0.9, least: 0.9, most: 0.9 })
  })

  it('says how far the rounds lie apart', () => {
    expect(pairedRatio([50, 80, 100], [100, 100, 100])).toEqual({ median: 0.8, least: 0.5, most: 1 })
  })

  it('of sides that are not equally long is refused', () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow(RangeError)
  })
})
