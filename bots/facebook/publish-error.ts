import {
  type AccountAdvice,
  NotSentError,
  OutcomeUnknownError,
  type RefusalReason,
  RejectedError,
} from '../../src/outbox/publisher.ts'
import { type Judgement, judge, type Meaning } from './errors.ts'
import { type GraphFailure, platformCodeOf } from './failure.ts'
import { waitUntil } from './usage.ts'

/** How long to keep still, by what Facebook is angry about. */
export interface FacebookWaits {
  /** Throttled without a word on how long. */
  readonly throttledMs: number
  /** Held back by the spam system: blocks of 2 to 8 hours have been seen. */
  readonly blockedMs: number
}

/** Null when the effect stands there already: that counts as sent. */
export function publishError(
  failure: GraphFailure,
  now: Date,
  waits: FacebookWaits,
): NotSentError | RejectedError | OutcomeUnknownError | null {
  const judgement = judge(failure)
  const platformCode = platformCodeOf(failure)
  const options = {
    advice: adviceOf(judgement, failure, now, waits),
    platformCode,
    reason: reasons[judgement.meaning],
    answered: failure.http !== null,
  }
  if (judgement.outcome === 'already_done') return null
  if (judgement.outcome === 'unknown') {
    return new OutcomeUnknownError(`Facebook may or may not have carried this out (${platformCode})`, options)
  }
  if (judgement.class === 'drop')
    return new RejectedError(`Facebook will not carry this out (${platformCode})`, options)
  return new NotSentError(`Facebook did not carry this out (${platformCode})`, options)
}

function adviceOf(judgement: Judgement, failure: GraphFailure, now: Date, waits: FacebookWaits): AccountAdvice {
  if (judgement.class === 'stop_alert') return { do: 'stop', reason: stopReasons[judgement.meaning] ?? 'permission' }
  if (judgement.meaning === 'maybe_blocked' || judgement.class === 'wait_until') {
    const floorMs = barred.has(judgement.meaning) ? waits.blockedMs : waits.throttledMs
    const why = barred.has(judgement.meaning) ? 'blocked' : 'throttled'
    return { do: 'wait', untilMs: waitUntil(failure.usage, now, floorMs), why }
  }
  return { do: 'go_on' }
}

const barred: ReadonlySet<Meaning> = new Set(['blocked', 'maybe_blocked', 'messaging_barred'])

/** Where somebody in the office can do something about it. */
const reasons: Partial<Record<Meaning, RefusalReason>> = {
  window_closed: 'outside_window',
  person_unavailable: 'person_unavailable',
  not_replyable: 'not_replyable',
  gone: 'gone',
}

const stopReasons: Partial<Record<Meaning, string>> = {
  token: 'token',
  migrated: 'page_migrated',
  app_setup: 'app_setup',
}
