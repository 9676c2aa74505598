import type { InboundEvent, NormalisedWithNews, Place, Platform } from '../src/intake/event.ts'
import type { JsonObject } from '../src/lib/json.ts'

/** What a delivery of this platform is: the account that received it where the transport knows it, and the raw body. */
export interface RawDelivery {
  /** The account as the platform names it; null where one delivery may serve several accounts. */
  readonly accountExternalId: string | null
  readonly body: Buffer
}

/** The pure, inbound half of a platform. The outbound half is a Publisher, made where workers run. */
export interface Bot {
  readonly platform: Platform
  /** Pure and total: each item stands on its own, a broken one becomes an ignored item with a reason. */
  normalise(delivery: RawDelivery): NormalisedWithNews
  /** Pure. What that message in the delivery quotes, as far as it tells; null: nothing that could be answered. */
  quotedIn(delivery: RawDelivery, messageId: string): InboundEvent | null
  /** The address of a chat or group itself, quoting nothing. */
  chatAddress(place: Place): JsonObject
  /** A publisher of this platform can ask it for our own effects. Otherwise only the account's echoes tell. */
  readonly canReadBack: boolean
  /** What the account wrote comes back to it. */
  readonly hearsItself: boolean
  /** It is told which of our messages a person quotes. */
  readonly tellsQuotes: boolean
  /** The platform can be asked for what a webhook left out. */
  readonly canLookUp: boolean
  /** Domains of the platform's file servers. */
  readonly fileDomains: readonly string[]
  /** The longest text one message may have, in UTF-16 units. */
  readonly maxTextChars: number
  /** Of the one private answer that a comment may have; null: there is no such thing. */
  readonly maxPrivateReplyChars: number | null
  /** How a photo goes with an answer to everybody and to one person: in the same message, after it, or (null) not at all. */
  readonly photoWith: Readonly<Record<'public' | 'resident', 'inside' | 'after' | null>>
  /** It can put a sign under a message in a group. */
  readonly reacts: boolean
  /** Texts of ours can be edited and taken down, comments hidden, and posts made. */
  readonly managesWall: boolean
}
