import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureText, GiveUpError, PostponeError } from '../../queues/outcome.ts'

describe('what is kept of a failure', () => {
  it('our own sentence with its code', () => {
    expect(failureText(new GiveUpError('the case is closed'))).toBe('give_up: the case is closed')
  })

  it.each([
    [
      'a network error',
      Object.assign(new Error('connect to 0912345678'), { code: 'ECONNRESET' }),
      'ECONNRESET: unexpected error, see the log',
    ],
    ['a database error', Object.assign(new Error('x'), { code: '23505' }), '23505: unexpected error, see the log'],
    [
      'a code that is a sentence',
      Object.assign(new Error('x'), { code: 'Chị An ơi' }),
      'Error: unexpected error, see the log',
    ],
    ['a thrown text', 'đường ngập', 'Error: unexpected error, see the log'],
    ['nothing', undefined, 'Error: unexpected error, see the log'],
  ])('of %s only its code', (_what, thrown, kept) => {
    expect(failureText(thrown)).toBe(kept)
  })

  it('can be stored whatever it is made of, and is short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (words) => {
        for (const thrown of [new GiveUpError(words), new Error(words), words]) {
          const text = failureText(thrown)
          expect(text.isWellFormed()).toBe(true)
          expect(text).not.toContain('\0')
          expect(text.length).toBeLessThanOrEqual(300)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('postponing', () => {
  it.each([
    [1.2, 2],
    [0, 0],
    [-5, 0],
    [1e6, 1e6],
  ])('%d ms are asked for as %d', (asked, whole) => {
    expect(new PostponeError('later', asked).delayMs).toBe(whole)
  })
})
