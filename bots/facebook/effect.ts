import type {
  AccountAdvice,
  FoundOwn,
  NotSentError,
  OpenPicture,
  OutcomeUnknownError,
  RejectedError,
  Sent,
} from '../../src/outbox/publisher.ts'
import type { GraphFailure } from './failure.ts'
import type { GraphAccess } from './graph.ts'

/** The Page in whose name something is done. */
export interface Page {
  readonly access: GraphAccess
  readonly pageId: string
  /** What a refusal means for everything else this Page wants to send. */
  adviceOn(failure: GraphFailure): AccountAdvice
  /** What a refusal means for the effect itself; null: it stands there already. */
  errorOf(failure: GraphFailure): NotSentError | RejectedError | OutcomeUnknownError | null
  readonly openPicture: OpenPicture
}

/** One intended effect as Graph carries it out and as it is found again. Whatever Graph refuses is thrown as it is. */
export interface Effect {
  carryOut(): Promise<Sent>
  find(): Promise<FoundOwn>
  /** Where what it is about has gone, nothing is left to do. Otherwise it cannot be done any more. */
  readonly isDoneWhenGone: boolean
}
