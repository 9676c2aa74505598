/** Every wait and cap of the adapter, in milliseconds unless the name says otherwise. All come from outside. */
export interface ZaloWaits {
  /** One HTTP call, its body included. */
  readonly callTimeoutMs: number
  /** From opening the socket to its cipher key. */
  readonly openMs: number
  /** How long a closing handshake may take before the connection is cut. */
  readonly closeMs: number
  readonly reconnectMinMs: number
  readonly reconnectMaxMs: number
  /** A connection that lasted this long was a good one: the next trouble counts from nought again. */
  readonly steadyMs: number
  /** Failed connections in a row until a full login is tried. A count. */
  readonly attemptsBeforeLogin: number
  /** After the first eviction; doubled with each further one up to the window. */
  readonly evictedWaitMs: number
  /** A second eviction within this time is reported to a person. */
  readonly evictedWindowMs: number
  /** How often an open connection is pinged and looked at. */
  readonly probeMs: number
  /** Without a byte for this long the link is dead, once it has been seen to answer pings. */
  readonly silentMs: number
  /** The same where pings were never answered. */
  readonly quietMs: number
  /** How often the session is kept alive by HTTP. */
  readonly keepAliveMs: number
  readonly backfillAnswerMs: number
  /** Unanswered requests in a row until the link counts as dead. A count. */
  readonly backfillTries: number
  /** How often old messages are asked for although nothing seems amiss. */
  readonly backfillEveryMs: number
  readonly keepRetryMinMs: number
  readonly keepRetryMaxMs: number
  /** Deliveries handed over at the same time. A count. */
  readonly keepAtOnce: number
  /** Deliveries held in memory while they cannot be kept. A count. */
  readonly heldAtMost: number
  /** Kept messages remembered, so that a backfill keeps only what is new. A count. */
  readonly rememberedMessages: number
  readonly saveSessionMs: number
  /** An unchanged session is saved again after this long, because its cookies' age counts. */
  readonly resaveSessionMs: number
  /** First pause after "too often"; doubled with each further one, at most eightfold. */
  readonly throttledMs: number
  /** Pause after "quota used up". */
  readonly quotaMs: number
}
