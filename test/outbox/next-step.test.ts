import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import { type NextStep, nextStep } from '../../src/outbox/reconcile.ts'

const present: FoundOwn = { found: 'present', messageId: '1_9' }
const absent: FoundOwn = { found: 'absent' }
const unknowable: FoundOwn = { found: 'unknowable' }
const notNow: FoundOwn = { found: 'not_now' }
type Row = Parameters<typeof nextStep>[0]

const officers = (ifAbsent: Row['ifAbsent'], looks: number): Row => ({
  ...row('unknown', ifAbsent, looks),
  isForOfficers: true,
})

describe('after a look', () => {
  it.each<[string, Row, FoundOwn, NextStep]>([
    [
      'an unknown row that is there is confirmed',
      row('unknown', 'retry', 0),
      present,
      { next: 'confirm', messageId: '1_9' },
    ],
    ['an unknown row that is not there is tried again', row('unknown', 'retry', 0), absent, { next: 'retry' }],
    ['one that was refused for good is given up', row('unknown', 'reject', 0), absent, { next: 'reject' }],
    ['one that nothing is known about is tried again', row('unknown', null, 0), absent, { next: 'retry' }],
    ['what cannot be known is looked for again', row('unknown', 'retry', 8), unknowable, { next: 'look_again' }],
    ['and in the end a person is asked', row('unknown', 'retry', 9), unknowable, { next: 'ask_person' }],
    ['unless only officers read it: it goes out again', officers('retry', 9), unknowable, { next: 'retry' }],
    ['not before the last look', officers('retry', 8), unknowable, { next: 'look_again' }],
    ['a refused one that cannot be known as well', row('unknown', 'reject', 9), unknowable, { next: 'ask_person' }],
    ['a sent row that is there is confirmed', row('sent', null, 0), present, { next: 'confirm', messageId: '1_9' }],
    ['a sent row not seen yet is looked for again', row('sent', null, 0), absent, { next: 'look_again' }],
    ['a sent row that cannot be seen as well', row('sent', null, 0), unknowable, { next: 'look_again' }],
    ['a sent row never seen: a person is asked', row('sent', null, 9), absent, { next: 'ask_person' }],
    ['a sent row that cannot be seen: the platform’s word stands', row('sent', null, 9), unknowable, { next: 'leave' }],
    [
      'where nobody could look, nothing is concluded',
      row('unknown', 'retry', 9),
      { found: 'not_now' },
      { next: 'wait' },
    ],
    ['nobody could look: that costs no look', row('unknown', 'retry', 9), notNow, { next: 'wait' }],
    ['nor for a sent row', row('sent', null, 9), notNow, { next: 'wait' }],
    ['found on the last look is found', row('unknown', 'retry', 9), present, { next: 'confirm', messageId: '1_9' }],
  ])('%s', (_fact, state, found, step) => {
    expect(nextStep(state, found, 10)).toEqual(step)
  })

  it('nothing that others than officers read is ever sent again unless its absence was proved and it was never said to be sent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('unknown' as const, 'sent' as const),
        fc.constantFrom('retry' as const, 'reject' as const, null),
        fc.nat(20),
        fc.constantFrom(present, absent, unknowable, notNow),
        fc.integer({ min: 1, max: 20 }),
        (state, ifAbsent, looks, found, maxLooks) => {
          const { next } = nextStep({ state, ifAbsent, looks }, found, maxLooks)
          if (next === 'retry') expect({ state, found, ifAbsent }).toMatchObject({ state: 'unknown', found: absent })
          if (next === 'retry') expect(ifAbsent).not.toBe('reject')
          if (found === present) expect(next).toBe('confirm')
          if (looks + 1 >= maxLooks) expect(next).not.toBe('look_again')
        },
      ),
    )
  })
})

describe('what needs no person', () => {
  it('the platform said that it was done already: it is, whatever can be seen', () => {
    const done: Row = { ...row('sent', null, 0), wasDone: true }

    expect(nextStep(done, absent, 10)).toEqual({ next: 'confirm', messageId: null })
    expect(nextStep(done, unknowable, 10)).toEqual({ next: 'confirm', messageId: null })
  })

  it('what a later decision has undone is not looked for', () => {
    expect(nextStep({ ...row('sent', null, 9), isSuperseded: true }, absent, 10)).toEqual({ next: 'leave' })
  })

  it('a chat that only the platform knew is handed on', () => {
    const found: FoundOwn = { found: 'present', messageId: 'm_1', recipientId: '9' }

    expect(nextStep(row('unknown', 'retry', 0), found, 10)).toEqual({
      next: 'confirm',
      messageId: 'm_1',
      recipientId: '9',
    })
  })
})

it('what was tried for too long is tried no more: a person is asked', () => {
  expect(nextStep(row('unknown', 'retry', 0), absent, 10, true)).toEqual({ next: 'ask_person' })
  expect(nextStep(row('unknown', 'reject', 0), absent, 10, true)).toEqual({ next: 'reject' })
  expect(nextStep(row('unknown', 'retry', 0), present, 10, true)).toMatchObject({ next: 'confirm' })
})

function row(state: Row['state'], ifAbsent: Row['ifAbsent'], looks: number): Row {
  return { state, ifAbsent, looks }
}

it('a sign is never put twice: what cannot be proved is left as it is', () => {
  const sign = (state: Row['state']): Row => ({ ...row(state, 'retry', 9), isTrifle: true })
  expect(nextStep(sign('unknown'), absent, 10)).toEqual({ next: 'ask_person' })
  expect(nextStep(sign('unknown'), unknowable, 10)).toEqual({ next: 'ask_person' })
  expect(nextStep(sign('unknown'), notNow, 10)).toEqual({ next: 'wait' })
  expect(nextStep(sign('sent'), absent, 10)).toEqual({ next: 'leave' })
  expect(nextStep(sign('unknown'), present, 10)).toMatchObject({ next: 'confirm' })
})
