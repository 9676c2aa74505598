import { AppError } from '../lib/errors.ts'
import type { FileId } from '../lib/ids.ts'
import type { OutboundMessage } from './outbound.ts'

/** The port that a platform fulfils towards the outbox. */
export interface Publisher {
  readonly capabilities: Capabilities
  /**
   * Carries the effect out once. Resolves with the platform's id of it (null when the platform gives none), or throws
   * exactly one of NotSentError, RejectedError, OutcomeUnknownError.
   */
  send(message: OutboundMessage): Promise<{ messageId: string | null }>
  /** Looks for the effect on the platform itself. `unknowable`: this platform or this moment cannot tell. */
  findOwn(message: OutboundMessage): Promise<FoundOwn>
}

/** A picture as it is sent. */
export interface Picture {
  readonly data: Buffer
  /** With an ending that says its type. */
  readonly name: string
  readonly width: number
  readonly height: number
}

/** Null: it is not there, or it is no picture. */
export type OpenPicture = (id: FileId) => Promise<Picture | null>

export interface Capabilities {
  /** findOwn asks the platform. Otherwise only the account's own echoes tell what became of a send. */
  readonly readBack: boolean
  readonly quote: boolean
  readonly maxTextChars: number
}

export type FoundOwn =
  | { readonly found: 'present'; readonly messageId: string }
  | { readonly found: 'absent' }
  | { readonly found: 'unknowable' }
  /** The platform cannot be reached: nobody has looked. */
  | { readonly found: 'not_now' }

/** What the platform's answer means for everything else this account wants to send. */
export type AccountAdvice =
  | { readonly do: 'go_on' }
  /** Throttled or briefly barred: no call before that moment. */
  | { readonly do: 'wait'; readonly untilMs: number }
  /** Token, permission or session is gone: nothing works until a person repairs it. */
  | { readonly do: 'stop'; readonly reason: string }

interface PublishErrorOptions {
  readonly advice?: AccountAdvice
  readonly platformCode?: string
  /** The platform answered (as opposed to: was never reached). A public effect is then read back before anything else. */
  readonly answered?: boolean
}

abstract class PublishError extends AppError {
  readonly advice: AccountAdvice
  readonly platformCode: string | null
  readonly answered: boolean

  constructor(message: string, options: PublishErrorOptions = {}) {
    super(message, { details: { platformCode: options.platformCode ?? null } })
    this.advice = options.advice ?? { do: 'go_on' }
    this.platformCode = options.platformCode ?? null
    this.answered = options.answered ?? true
  }
}

/** Provably not carried out; it may be tried again once the advice allows. */
export class NotSentError extends PublishError {
  readonly code = 'not_sent'
}

/** Will not work however often it is tried. */
export class RejectedError extends PublishError {
  readonly code = 'rejected'
}

/** The platform may or may not have carried out the call. Never retry blindly: read back first. */
export class OutcomeUnknownError extends PublishError {
  readonly code = 'outcome_unknown'
}
