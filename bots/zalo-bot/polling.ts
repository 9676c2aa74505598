import type { ListenerState } from '../listener.ts'
import { judge, throttledMs } from './errors.ts'
import { type BotFailure, platformCodeOf } from './failure.ts'
import type { BotWaits } from './waits.ts'

/** How asking for updates has gone so far. */
export interface Polling {
  /** Troubles in a row. */
  readonly failures: number
  readonly throttles: number
  readonly told: ListenerState | null
}

export const untried: Polling = { failures: 0, throttles: 0, told: null }

/** The last question was answered, so the next one may wait long. */
export function isWell({ failures, throttles, told: state }: Polling): boolean {
  return state === 'connected' && failures === 0 && throttles === 0
}

/** What one call came to. `webhook_set`: updates go elsewhere, and asking for them is refused. */
export type Polled =
  | { readonly is: 'answered' }
  | { readonly is: 'webhook_set' }
  | { readonly is: 'failed'; readonly failure: BotFailure }

export interface NextPoll {
  readonly polling: Polling
  readonly waitMs: number
  readonly tell: { readonly state: ListenerState; readonly reason: string } | null
}

/** Pure. When to ask again, and what a person has to know. It is always asked again: tokens and networks come back. */
export function nextPoll(polling: Polling, polled: Polled, now: { waits: BotWaits; random: number }): NextPoll {
  const { waits, random } = now
  if (polled.is === 'answered') return told({ ...polling, failures: 0, throttles: 0 }, 0, 'connected', 'polling')
  // Somebody else uses the bot. Taking the webhook away would rob them of their messages.
  if (polled.is === 'webhook_set') return told(polling, waits.repairMs, 'evicted', 'webhook_set')
  const { failure } = polled
  const reason = `poll_${platformCodeOf(failure)}`
  const failures = polling.failures + 1
  switch (judge(failure).class) {
    case 'stop_alert':
      return told({ ...polling, failures }, waits.repairMs, 'suspended', reason)
    case 'wait_until': {
      const throttles = polling.throttles + 1
      return told({ ...polling, throttles }, throttledMs(failure, waits, throttles), 'reconnecting', reason)
    }
    case 'drop':
    case 'verify_first':
    case 'retry_backoff': {
      const base = Math.min(waits.retryMinMs * 2 ** Math.min(failures - 1, 20), waits.retryMaxMs)
      const next = { ...polling, failures }
      const waitMs = Math.round(base * (1 + random / 2))
      if (failures < waits.failuresUntilTold) return { polling: next, waitMs, tell: null }
      return told(next, waitMs, 'reconnecting', reason)
    }
  }
}

/** Tells only what is news. */
function told(polling: Polling, waitMs: number, state: ListenerState, reason: string): NextPoll {
  if (polling.told === state) return { polling, waitMs, tell: null }
  return { polling: { ...polling, told: state }, waitMs, tell: { state, reason } }
}
