import type { OaMessage } from './payload.ts'

/** What one webhook says, in the words of this platform. */
export type OaReading = MessageReading | EchoReading | ContactReading | ReceiptReading | IgnoredReading

interface About {
  readonly oaId: string
  /** The person on the other side, as this OA knows them. */
  readonly userId: string
  readonly at: Date | null
}

export interface MessageReading extends About {
  readonly kind: 'message'
  /** Somebody who has not said who they are: there is no address to answer to. */
  readonly isAnonymous: boolean
  readonly message: OaMessage
}

/** The OA wrote it: through us, through another app, or by a person in Zalo's console. */
export interface EchoReading extends About {
  readonly kind: 'echo'
  readonly isTyped: boolean
  readonly message: OaMessage
}

/** follow and unfollow; withdraw asks that the person's data be deleted. */
export interface ContactReading extends About {
  readonly kind: 'follow' | 'unfollow' | 'withdraw'
}

/** What happened to messages that stand there already. */
export interface ReceiptReading {
  readonly kind: 'received' | 'seen' | 'reaction'
  /** The two of the conversation; sources do not agree on who is named as the sender. */
  readonly parties: readonly [string, string]
  readonly isOurs: boolean
  readonly at: Date | null
  readonly messageIds: readonly string[]
  /** Of a reaction; empty when it is taken back. */
  readonly sign: string | null
}

export interface IgnoredReading {
  readonly kind: 'ignored'
  readonly reason: string
}
