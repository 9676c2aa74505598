import { AppError } from '../lib/errors.ts'
import type { FileId } from '../lib/ids.ts'
import type { OutboundMessage } from './outbound.ts'

/** The port that a platform fulfils towards the outbox. */
export interface Publisher {
  readonly capabilities: Capabilities
  /**
   * Carries the effect out once. Resolves with what the platform told of it, or throws exactly one of NotSentError,
   * RejectedError, OutcomeUnknownError.
   */
  send(message: OutboundMessage): Promise<Sent>
  /** Looks for the effect on the platform itself. `unknowable`: this platform or this moment cannot tell. */
  findOwn(message: OutboundMessage): Promise<FoundOwn>
}

export interface Sent {
  /** The platform's id of it; null when the platform gives none. */
  readonly messageId: string | null
  /** Whom it reached, where only the platform knew: a private reply opens the chat with somebody who commented. */
  readonly recipientId?: string
  /** The platform refuses because it is done already, which may have been somebody else's doing. */
  readonly wasDone?: boolean
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
  | { readonly found: 'present'; readonly messageId: string | null; readonly recipientId?: string }
  | { readonly found: 'absent' }
  | { readonly found: 'unknowable' }
  /** The platform cannot be reached: nobody has looked. */
  | { readonly found: 'not_now' }

/** What the platform's answer means for everything else this account wants to send. */
export type AccountAdvice =
  | { readonly do: 'go_on' }
  /** Throttled, where each call prolongs it, or barred from writing: no send before that moment. */
  | { readonly do: 'wait'; readonly untilMs: number; readonly why?: 'throttled' | 'blocked' }
  /** Token, permission or session is gone: nothing works until a person repairs it. */
  | { readonly do: 'stop'; readonly reason: string }

interface PublishErrorOptions {
  readonly advice?: AccountAdvice
  readonly platformCode?: string
  /** Why in the office's own words, where somebody there can do something about it. */
  readonly reason?: RefusalReason | undefined
  /** The platform answered (as opposed to: was never reached). A public effect is then read back before anything else. */
  readonly answered?: boolean
}

/** What a person is told when something was not taken; kept as the row's error code. */
export type RefusalReason =
  /** The person wrote too long ago: until they write again nothing can be sent to them. */
  | 'outside_window'
  | 'private_reply_too_old'
  | 'not_replyable'
  | 'person_unavailable'
  /** What it is about is not there any more. */
  | 'gone'

abstract class PublishError extends AppError {
  readonly advice: AccountAdvice
  readonly platformCode: string | null
  readonly reason: RefusalReason | null
  readonly answered: boolean

  constructor(message: string, options: PublishErrorOptions = {}) {
    super(message, { details: { platformCode: options.platformCode ?? null } })
    this.advice = options.advice ?? { do: 'go_on' }
    this.platformCode = options.platformCode ?? null
    this.reason = options.reason ?? null
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
