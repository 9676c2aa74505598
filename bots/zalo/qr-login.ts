import { type Clock, plusMs } from '../../src/lib/clock.ts'
import { RefusedError } from '../../src/lib/errors.ts'
import { step } from '../../src/lib/failpoint.ts'
import { newTrace, traced } from './call-trace.ts'
import { writeSession, type ZaloSession } from './session.ts'
import { logInByQr, type QrActions, type QrEvent } from './zca.ts'

/** What the person in front of the screen is shown. */
export type QrStep =
  | {
      readonly step: 'show' /** PNG in base64 */
      readonly image: string
      readonly attempt: number
      readonly until: Date
    }
  | { readonly step: 'scanned'; readonly name: string }
  | { readonly step: 'expired' | 'declined' | 'unreachable' }

export interface QrWaits {
  /** One request, the server's own waiting for the phone included. */
  readonly qrCallTimeoutMs: number
  /** How long one code is shown; the library allows 100 s at most. */
  readonly qrShownMs: number
  /** Between two questions whether the phone has answered, and between two codes. */
  readonly qrGapMs: number
  /** How many codes are shown before the person has to begin anew. A count. */
  readonly qrTries: number
}

export interface QrLoginOptions {
  readonly simUrl: string | null
  readonly waits: QrWaits
  readonly clock: Clock
  readonly onStep: (step: QrStep) => void
  /** The person gives up. */
  readonly signal?: AbortSignal
}

type RoundEnd = ZaloSession | 'expired' | 'declined' | 'unreachable'

/**
 * Leads a person through the login with a QR code and resolves with the session to keep. A code that expires or is
 * declined is followed by a new one; in the end it always resolves or rejects, which the library by itself does not.
 */
export async function loginByQr({ simUrl, waits, clock, onStep, signal }: QrLoginOptions): Promise<string> {
  let last: RoundEnd = 'expired'
  for (let attempt = 1; attempt <= waits.qrTries; attempt += 1) {
    last = await round({ simUrl, waits, signal }, (event) => {
      if (event.is === 'scanned') onStep({ step: 'scanned', name: event.name })
      else onStep({ step: 'show', image: event.image, attempt, until: plusMs(clock(), waits.qrShownMs) })
    })
    if (signal?.aborted) throw new RefusedError('the login with a QR code was given up')
    if (typeof last === 'object') return writeSession(last)
    onStep({ step: last })
    await pause(waits.qrGapMs, signal)
  }
  throw new RefusedError(endings[last])
}

const endings = {
  expired: 'no phone has confirmed the login: every QR code has expired',
  declined: 'the login was declined on the phone',
  unreachable: 'Zalo cannot be reached to show a QR code',
} as const

/** Shows one code and waits for what becomes of it. */
async function round(
  { simUrl, waits, signal }: { simUrl: string | null; waits: QrWaits; signal: AbortSignal | undefined },
  onEvent: (event: Extract<QrEvent, { is: 'shown' | 'scanned' }>) => void,
): Promise<RoundEnd> {
  const over = new AbortController()
  const trace = newTrace(AbortSignal.any(signal ? [over.signal, signal] : [over.signal]))
  let end: RoundEnd = 'unreachable'
  let expiry: NodeJS.Timeout | undefined
  let actions: QrActions | null = null
  // Without an abort the library's promise never settles: not when a code expires, not when it is declined.
  const giveUp = (why: 'expired' | 'declined'): void => {
    end = why
    over.abort()
    actions?.abort()
  }
  const onAbort = (): void => actions?.abort()
  signal?.addEventListener('abort', onAbort)
  try {
    return await step('zalo-login', () =>
      traced(trace, () =>
        logInByQr({ simUrl, callTimeoutMs: waits.qrCallTimeoutMs, pollGapMs: waits.qrGapMs }, (event) => {
          if (over.signal.aborted) return
          if (event.is === 'expired' || event.is === 'declined') {
            actions = event.actions
            return giveUp(event.is)
          }
          if (event.is === 'shown') {
            actions = event.actions
            end = 'expired' // from here on, an end without a reason is a code the server does not know any more
            expiry = setTimeout(() => giveUp('expired'), waits.qrShownMs)
          }
          onEvent(event)
        }),
      ),
    )
  } catch {
    return end
  } finally {
    clearTimeout(expiry)
    signal?.removeEventListener('abort', onAbort)
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
