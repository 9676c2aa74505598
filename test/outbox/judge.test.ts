import { describe, expect, it } from 'vitest'
import { type AccountAdvice, NotSentError, OutcomeUnknownError, RejectedError } from '../../src/outbox/publisher.ts'
import { judge, type Outcome, type Verdict } from '../../src/outbox/settle.ts'

const goOn: AccountAdvice = { do: 'go_on' }
const wait: AccountAdvice = { do: 'wait', untilMs: 1_000 }
const stop: AccountAdvice = { do: 'stop', reason: 'token_expired' }

const unreached = new NotSentError('no connection', { answered: false, platformCode: 'ECONNREFUSED' })
const busy = new NotSentError('busy', { platformCode: '2', advice: wait })
const gone = new RejectedError('the comment is gone', { platformCode: '100' })
const throttled = new RejectedError('too often', { platformCode: '123', advice: wait })
const invalidBeforehand = new RejectedError('too long', { answered: false })
const reset = new OutcomeUnknownError('reset', { answered: false, platformCode: 'ECONNRESET' })
const expired = new NotSentError('token', { platformCode: '190', advice: stop })

describe('what the public or a resident reads', () => {
  it.each<[string, Outcome, Verdict]>([
    ['sent', { sent: '1_2' }, { state: 'sent', ifAbsent: null, errorCode: null, advice: goOn }],
    ['sent, no id told', { sent: null }, { state: 'sent', ifAbsent: null, errorCode: null, advice: goOn }],
    [
      'never reached: tried again',
      unreached,
      { state: 'pending', ifAbsent: null, errorCode: 'ECONNREFUSED', advice: goOn },
    ],
    [
      'refused for now: looked for first, because a refusal has been seen after the comment was there',
      busy,
      { state: 'unknown', ifAbsent: 'retry', errorCode: '2', advice: wait },
    ],
    [
      'refused for good: looked for first, and then given up',
      gone,
      { state: 'unknown', ifAbsent: 'reject', errorCode: '100', advice: goOn },
    ],
    [
      'refused before anything was sent: given up',
      invalidBeforehand,
      { state: 'rejected', ifAbsent: null, errorCode: 'rejected', advice: goOn },
    ],
    [
      'refused for good although it is to keep still: looked for, and then given up',
      throttled,
      { state: 'unknown', ifAbsent: 'reject', errorCode: '123', advice: wait },
    ],
    ['no answer: looked for', reset, { state: 'unknown', ifAbsent: 'retry', errorCode: 'ECONNRESET', advice: goOn }],
    [
      'token refused: looked for, and the account stops',
      expired,
      { state: 'unknown', ifAbsent: 'retry', errorCode: '190', advice: stop },
    ],
  ])('%s', (_what, outcome, verdict) => {
    expect(judge(outcome, true)).toEqual(verdict)
  })
})

describe('what officers read', () => {
  it.each<[string, Outcome, Verdict]>([
    ['sent', { sent: '9' }, { state: 'sent', ifAbsent: null, errorCode: null, advice: goOn }],
    ['refused for now: tried again', busy, { state: 'pending', ifAbsent: null, errorCode: '2', advice: wait }],
    ['refused for good: given up', gone, { state: 'rejected', ifAbsent: null, errorCode: '100', advice: goOn }],
    [
      'refused while the account is to keep still: tried again after that',
      throttled,
      { state: 'pending', ifAbsent: null, errorCode: '123', advice: wait },
    ],
    [
      'no answer: looked for here too',
      reset,
      { state: 'unknown', ifAbsent: 'retry', errorCode: 'ECONNRESET', advice: goOn },
    ],
  ])('%s', (_what, outcome, verdict) => {
    expect(judge(outcome, false)).toEqual(verdict)
  })
})

it('nothing but a success is ever taken for one', () => {
  for (const outcome of [unreached, busy, gone, throttled, invalidBeforehand, reset, expired]) {
    for (const isPublic of [true, false]) expect(judge(outcome, isPublic).state).not.toBe('sent')
  }
})
