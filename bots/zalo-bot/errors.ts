import { type AccountAdvice, NotSentError, OutcomeUnknownError, RejectedError } from '../../src/outbox/publisher.ts'
import { type BotFailure, platformCodeOf } from './failure.ts'
import type { BotWaits } from './waits.ts'

/**
 * What follows from a failed call. retry_backoff: it never left, again soon; wait_until: the platform wants to be left
 * alone; stop_alert: a person must repair something; drop: will not work however often; verify_first: nobody knows.
 */
type FailureClass = 'retry_backoff' | 'wait_until' | 'stop_alert' | 'drop' | 'verify_first'

export interface Judgement {
  readonly class: FailureClass
  readonly sentence: string
}

const judged = (it: FailureClass, sentence: string): Judgement => ({ class: it, sentence })

/** Zalo's own list of codes; whatever else comes is not given a meaning. */
export const botCodes: ReadonlyMap<number, Judgement> = new Map([
  [400, judged('drop', 'the platform refuses the request: a wrong chat, or a person who has left')],
  [401, judged('stop_alert', 'the token is not accepted any more')],
  [403, judged('verify_first', 'the platform failed inside')], // "Internal server error" is what the list calls it
  [404, judged('stop_alert', 'the platform does not know this bot or this method')],
  [408, judged('verify_first', 'the platform gave up in the middle')],
  [426, judged('wait_until', 'too many calls')],
  [429, judged('wait_until', 'the quota of the bot is used up')],
])

export function judge(failure: BotFailure): Judgement {
  if (failure.code !== null) {
    return (
      botCodes.get(failure.code) ?? judged('verify_first', 'the platform answers with a code that is not documented')
    )
  }
  if (failure.http === null) {
    return failure.reached
      ? judged('verify_first', 'the platform gave no answer')
      : judged('retry_backoff', 'the platform could not be reached')
  }
  return judgeStatus(failure.http)
}

/** An answer that is not the platform's envelope: something stands in between, or the token is none. */
function judgeStatus(http: number): Judgement {
  if (http === 401 || http === 404) return judged('stop_alert', 'the address with this token does not exist')
  if (http === 403 || http === 429) return judged('wait_until', 'requests are turned away at the moment')
  if (http === 408 || http >= 500 || http < 400) return judged('verify_first', 'the answer cannot be read')
  return judged('drop', 'the request is refused as malformed')
}

/** The port's error for a send that failed. `throttles`: how often in a row the platform wanted to be left alone. */
export function publishError(
  failure: BotFailure,
  { now, waits, throttles }: { now: Date; waits: BotWaits; throttles: number },
): NotSentError | RejectedError | OutcomeUnknownError {
  const { class: kind, sentence } = judge(failure)
  const options = {
    advice: adviceOf(kind, failure, now, waits, throttles),
    platformCode: platformCodeOf(failure),
    // An answered refusal would be looked for first, and here nobody can look: what the platform refuses is believed.
    answered: kind === 'verify_first' && failure.http !== null,
  }
  if (kind === 'verify_first') return new OutcomeUnknownError(sentence, options)
  if (kind === 'drop') return new RejectedError(sentence, options)
  return new NotSentError(sentence, options)
}

function adviceOf(
  kind: FailureClass,
  failure: BotFailure,
  now: Date,
  waits: BotWaits,
  throttles: number,
): AccountAdvice {
  switch (kind) {
    case 'drop':
    case 'verify_first':
      return { do: 'go_on' }
    case 'stop_alert':
      return { do: 'stop', reason: `zalo_bot_${platformCodeOf(failure)}` }
    case 'retry_backoff':
      return { do: 'wait', untilMs: now.getTime() + waits.retryMinMs }
    case 'wait_until':
      return { do: 'wait', untilMs: now.getTime() + throttledMs(failure, waits, throttles), why: 'throttled' }
  }
}

/** As long as the platform asks for, else longer each time. */
export function throttledMs({ retryAfterMs }: BotFailure, waits: BotWaits, throttles: number): number {
  return retryAfterMs ?? waits.throttledMs * 2 ** Math.min(Math.max(0, throttles - 1), 3)
}
