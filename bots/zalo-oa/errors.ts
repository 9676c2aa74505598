import {
  type AccountAdvice,
  NotSentError,
  OutcomeUnknownError,
  type RefusalReason,
  RejectedError,
} from '../../src/outbox/publisher.ts'

type Outcome = 'not_sent' | 'rejected' | 'unknown'
/** renew: the access token has ended; repair: a person must; throttled and quota: pauses; unreachable: a short one. */
type Consequence = 'go_on' | 'renew' | 'repair' | 'throttled' | 'quota' | 'unreachable'

export interface OaMeaning {
  readonly outcome: Outcome
  readonly consequence: Consequence
  readonly sentence: string
  readonly reason?: RefusalReason
}

const meaning = (outcome: Outcome, consequence: Consequence, sentence: string, reason?: RefusalReason): OaMeaning => ({
  outcome,
  consequence,
  sentence,
  ...(reason === undefined ? {} : { reason }),
})

/** What Zalo's codes mean for one message and for the account. Sources in README.md. */
const oaCodes: ReadonlyMap<number, OaMeaning> = new Map([
  [-32, meaning('not_sent', 'throttled', 'too many requests in a short time')],
  [-200, meaning('unknown', 'go_on', 'Zalo says that sending failed, not whether anything arrived')],
  [-201, meaning('rejected', 'go_on', 'a parameter is wrong')],
  [-204, meaning('not_sent', 'repair', 'the Official Account has been deleted')],
  [-205, meaning('not_sent', 'repair', 'there is no such Official Account')],
  [-209, meaning('not_sent', 'repair', 'the app may not use this call')],
  [-210, meaning('rejected', 'go_on', 'a parameter is too long or too large')],
  [-211, meaning('not_sent', 'quota', 'the quota of messages is used up')],
  [-212, meaning('not_sent', 'repair', 'the Official Account has not registered this call')],
  [-213, meaning('rejected', 'go_on', 'this person does not follow the Official Account', 'person_unavailable')],
  [-216, meaning('not_sent', 'renew', 'the access token is not valid')],
  [-218, meaning('not_sent', 'quota', 'this person has got as many messages as they may')],
  [-219, meaning('not_sent', 'repair', 'the app has been removed or switched off')],
  [-220, meaning('not_sent', 'renew', 'the access token has ended')],
  [-221, meaning('not_sent', 'repair', 'the Official Account is not verified')],
  [-223, meaning('not_sent', 'repair', 'the Official Account lacks a permission')],
  [-224, meaning('not_sent', 'repair', 'the Official Account lacks the package for this call')],
  [-227, meaning('rejected', 'go_on', 'this person’s account is locked or long unused', 'person_unavailable')],
  [-230, meaning('rejected', 'go_on', 'this person has done nothing here for seven days', 'outside_window')],
  [-232, meaning('rejected', 'go_on', 'this person has done nothing here, or too long ago', 'outside_window')],
  [-240, meaning('not_sent', 'repair', 'Zalo has removed this call')],
  [-244, meaning('rejected', 'go_on', 'this person takes no such messages', 'person_unavailable')],
  // Only after 48 hours: whoever wrote since is answered free of charge, so the account goes on.
  [-320, meaning('rejected', 'go_on', 'after 48 hours it costs, and no Zalo Cloud Account pays', 'outside_window')],
  [-321, meaning('rejected', 'go_on', 'after 48 hours it costs, and the balance is used up', 'outside_window')],
])

/** What is known of a call that did not end in a readable success: codes and numbers only. */
export interface OaFailure {
  /** Null when no whole answer came. */
  readonly http: number | null
  /** Without an answer: whether it may have reached Zalo, and the code of the socket error. */
  readonly wasReached: boolean
  readonly transport: string | null
  /** Zalo's own; null where the answer had none. */
  readonly code: number | null
}

export function explainFailure({ http, wasReached, code }: OaFailure): OaMeaning {
  if (http === null) {
    return wasReached
      ? meaning('unknown', 'go_on', 'Zalo gave no answer')
      : meaning('not_sent', 'unreachable', 'Zalo could not be reached')
  }
  if (code !== null && code !== 0 && http < 500) {
    // What nobody knows must never loop.
    return oaCodes.get(code) ?? meaning('rejected', 'go_on', 'Zalo refuses with a code that nobody knows')
  }
  if (http === 429) return meaning('not_sent', 'throttled', 'too many requests in a short time')
  if (http === 401 || http === 403) return meaning('not_sent', 'repair', 'Zalo does not let us in')
  if (http === 404 || http === 410) return meaning('not_sent', 'repair', 'Zalo has removed this address')
  if (http >= 400 && http < 500 && http !== 408) {
    return meaning('rejected', 'go_on', 'Zalo refuses the request as malformed')
  }
  return meaning('unknown', 'go_on', 'Zalo gave an answer that cannot be read')
}

/** `-230`, `http_502` or `ECONNRESET`: what rows and counters keep of a failure. */
export function platformCodeOf({ code, transport, http }: OaFailure): string {
  if (code !== null && code !== 0) return String(code)
  return transport ?? `http_${http ?? 'none'}`
}

/** The port's error for what happened. */
export function publishError(
  failure: OaFailure,
  explained: OaMeaning,
  advice: AccountAdvice,
): NotSentError | RejectedError | OutcomeUnknownError {
  const { outcome, sentence, reason } = explained
  const options = { advice, platformCode: platformCodeOf(failure), reason, answered: failure.http !== null }
  if (outcome === 'not_sent') return new NotSentError(sentence, options)
  if (outcome === 'rejected') return new RejectedError(sentence, options)
  return new OutcomeUnknownError(sentence, options)
}
