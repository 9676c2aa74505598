import { AppError } from '../../src/lib/errors.ts'

/** A call that did not end in a readable success: names and numbers only, never a token, an address or a text. */
export interface BotFailure {
  readonly method: string
  /** The HTTP status, or null when there was no whole answer. */
  readonly http: number | null
  /** The platform's own code, from an answer with `ok: false`. */
  readonly code: number | null
  /** Without an answer: the code of the socket error. */
  readonly transport: string | null
  /** False only when no byte of the request can have arrived. */
  readonly reached: boolean
  /** How long the platform asks to be left alone. */
  readonly retryAfterMs: number | null
}

/** The only error that leaves the calls. It has no cause: what fetch throws may hold the address, and that the token. */
export class BotCallError extends AppError {
  readonly code = 'bot_call'
  readonly failure: BotFailure

  constructor(failure: BotFailure) {
    const { method, http, transport } = failure
    const platformCode = platformCodeOf(failure)
    super(`the Zalo bot platform did not carry out ${method}: ${platformCode}`, {
      details: { method, http, transport, platformCode },
    })
    this.failure = failure
  }
}

/** `429`, `http_502` or `ECONNRESET`: what rows and counters keep of a failure. */
export function platformCodeOf({ code, http, transport }: BotFailure): string {
  if (code !== null) return String(code)
  return transport ?? `http_${http ?? 'none'}`
}
