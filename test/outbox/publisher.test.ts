import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/lib/errors.ts'
import { NotSentError, OutcomeUnknownError, RejectedError } from '../../src/outbox/publisher.ts'

describe('what a publisher may throw', () => {
  it.each([
    [NotSentError, 'not_sent'],
    [RejectedError, 'rejected'],
    [OutcomeUnknownError, 'outcome_unknown'],
  ])('%o is ours, with a stable code', (Thrown, code) => {
    const error = new Thrown('the platform said no')

    expect(error).toBeInstanceOf(AppError)
    expect(error.code).toBe(code)
  })

  it('unless told otherwise the platform answered and the account goes on', () => {
    const error = new NotSentError('busy')

    expect({ ...error }).toMatchObject({
      advice: { do: 'go_on' },
      answered: true,
      platformCode: null,
      details: { platformCode: null },
    })
  })

  it('carries what the platform said and advises', () => {
    const error = new NotSentError('throttled', {
      answered: false,
      platformCode: '368',
      advice: { do: 'wait', untilMs: 5 },
    })

    expect({ ...error }).toMatchObject({
      advice: { do: 'wait', untilMs: 5 },
      answered: false,
      platformCode: '368',
      details: { platformCode: '368' },
    })
  })
})
