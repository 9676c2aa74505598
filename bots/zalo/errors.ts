import { type AccountAdvice, NotSentError, OutcomeUnknownError, RejectedError } from '../../src/outbox/publisher.ts'
import type { CallTrace } from './call-trace.ts'

type Outcome = 'not_sent' | 'rejected' | 'unknown'
/** relogin: a full login is tried at once; throttled and quota: pauses of growing length; repair: a person must. */
type Consequence = 'go_on' | 'relogin' | 'throttled' | 'quota' | 'unreachable' | 'repair'

export interface ErrorMeaning {
  readonly outcome: Outcome
  readonly consequence: Consequence
  readonly sentence: string
}

const meaning = (outcome: Outcome, consequence: Consequence, sentence: string): ErrorMeaning => ({
  outcome,
  consequence,
  sentence,
})

/** What Zalo's error codes mean for one message and for the account. Sources in README.md. */
export const zaloCodes: ReadonlyMap<number, ErrorMeaning> = new Map([
  [600, meaning('not_sent', 'relogin', 'the session is not accepted any more')],
  [102, meaning('not_sent', 'relogin', 'the session has reached its end')],
  [114, meaning('rejected', 'go_on', 'a parameter is wrong: an id of another account, a bad quote, or no relation')],
  [122, meaning('rejected', 'go_on', 'this person takes no messages from strangers')],
  [123, meaning('rejected', 'throttled', 'this person cannot get messages from the account')],
  [221, meaning('not_sent', 'quota', 'the quota of requests is used up')],
  [-69, meaning('not_sent', 'throttled', 'too many requests in a short time')],
  [166, meaning('rejected', 'go_on', 'the account may not do this here, e.g. write in a group that is locked')],
  [216, meaning('rejected', 'go_on', 'there is no such user')],
  [215, meaning('rejected', 'go_on', 'this person has blocked the account')],
  [222, meaning('rejected', 'go_on', 'a friend request from this person is waiting')],
  [225, meaning('rejected', 'go_on', 'this person is a friend already')],
])

/** What an HTTP status other than 200 means; Zalo itself answers errors with 200 and a code. */
function statusMeaning(status: number): ErrorMeaning {
  if (status === 404 || status === 410) return meaning('not_sent', 'repair', 'Zalo has removed this address')
  if (status === 429 || status === 403) return meaning('not_sent', 'throttled', 'Zalo refuses requests at the moment')
  if (status === 401) return meaning('not_sent', 'relogin', 'the session is not accepted any more')
  if (status === 408 || status >= 500 || status < 400) {
    return meaning('unknown', 'go_on', 'Zalo failed in the middle of the request')
  }
  return meaning('rejected', 'go_on', 'Zalo refuses the request as malformed')
}

/** What came of a send that threw: from the wire where there is a trace of it, else from the library's own code. */
export function explain(
  trace: CallTrace,
  libraryCode: number | null,
): ErrorMeaning & { code: string; answered: boolean } {
  if (trace.failure !== null) {
    const { reached, code } = trace.failure
    return reached
      ? { ...meaning('unknown', 'go_on', 'Zalo gave no answer'), code, answered: false }
      : { ...meaning('not_sent', 'unreachable', 'Zalo could not be reached'), code, answered: false }
  }
  const answer = trace.answers.at(-1)
  if (answer === undefined) {
    return {
      ...meaning('rejected', 'go_on', 'the library refuses this message'),
      code: 'not_sendable',
      answered: false,
    }
  }
  if (answer.status !== 200) return { ...statusMeaning(answer.status), code: `http_${answer.status}`, answered: true }
  const code = answer.code !== null && answer.code !== 0 ? answer.code : libraryCode
  const known = code === null ? undefined : zaloCodes.get(code)
  const unknown = meaning('unknown', 'go_on', 'Zalo gave an answer that cannot be read')
  return { ...(known ?? unknown), code: String(code), answered: true }
}

/** The numeric code of a ZaloApiError; null for everything else and for the codes the library loses. */
export function libraryCode(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null
}

/** The port's error for what happened. */
export function publishError(
  explained: ReturnType<typeof explain>,
  advice: AccountAdvice,
): NotSentError | RejectedError | OutcomeUnknownError {
  const { outcome, sentence, code, answered } = explained
  const options = { advice, platformCode: code, answered }
  if (outcome === 'not_sent') return new NotSentError(sentence, options)
  if (outcome === 'rejected') return new RejectedError(sentence, options)
  return new OutcomeUnknownError(sentence, options)
}

export type LoginFailure = { readonly why: 'dead' | 'refused' | 'failed'; readonly code: string }

/** Why a login did not work: the session is over, Zalo refuses with a code, or it could not be asked. */
export function explainLogin(trace: CallTrace, error: unknown): LoginFailure {
  if (trace.failure !== null) return { why: 'failed', code: trace.failure.code }
  const codes = trace.answers.flatMap(({ code }) => (code === null || code === 0 ? [] : [code]))
  const dead = codes.find((code) => code === 600 || code === 102)
  if (dead !== undefined) return { why: 'dead', code: String(dead) }
  const [refusal] = codes
  if (refusal !== undefined) return { why: 'refused', code: String(refusal) }
  const status = trace.answers.find((answer) => answer.status !== 200)?.status
  if (status !== undefined) return { why: 'failed', code: `http_${status}` }
  return { why: 'failed', code: error instanceof Error ? error.name : 'unknown' }
}
