import { AppError } from '../lib/errors.ts'
import type { AccountAdvice } from '../outbox/publisher.ts'

/** The port that a platform fulfils towards those who look after our Pages: how what people write comes to us. */
export interface Channel {
  /** What the kept token is good for. */
  checkToken(): Promise<TokenFacts>
  /** The Page's name, as the token sees it. */
  readName(): Promise<string>
  /** What we need to be told of and are not: empty when all is switched on. */
  missingFields(): Promise<string[]>
  /** Switches it on, and leaves on what others have switched on. */
  subscribe(): Promise<void>
  /** What stands on the Page since then, one post at a time, the newest first; of older posts only the latest `posts`. */
  history(since: Date, posts: number): AsyncIterable<Portion>
}

export interface TokenFacts {
  /** Null: it is the token of this Page for our app, and valid. */
  readonly problem: TokenProblem | null
  /** Permissions that we need and it lacks. */
  readonly missingScopes: readonly string[]
  /** When it, or its access to data, ends; null: never. */
  readonly expiresAt: Date | null
}

export type TokenProblem = 'invalid' | 'other_app' | 'other_page' | 'not_page'

/** A post and what stands under it, as far as it is asked for. */
export interface Portion {
  readonly writings: readonly Writing[]
  /** The same bytes as a delivery would bring, so that everything after the door treats them alike. */
  deliveryOf(writings: readonly Writing[]): Buffer
}

export interface Writing {
  readonly messageId: string
  readonly writtenAt: Date
}

/** The platform did not do what it was asked; `advice` says what this means for the account. */
export class ChannelError extends AppError {
  readonly code = 'channel'
  readonly platformCode: string
  readonly advice: AccountAdvice

  constructor(platformCode: string, advice: AccountAdvice) {
    super(`the platform did not answer as asked (${platformCode})`, { details: { platformCode } })
    this.platformCode = platformCode
    this.advice = advice
  }
}
