/** Every wait of the adapter, in milliseconds unless the name says otherwise. All come from outside. */
export interface BotWaits {
  /** One call, its body included. */
  readonly callTimeoutMs: number
  /** How long the platform is asked to wait for an update. */
  readonly pollMs: number
  /** The same while it is not known whether the platform answers at all. */
  readonly probeMs: number
  /** What an answer may take longer than that. */
  readonly pollGraceMs: number
  readonly retryMinMs: number
  readonly retryMaxMs: number
  /** Failed calls in a row until a person can see it. A count. */
  readonly failuresUntilTold: number
  /** Where a person has to repair something, it is looked again after this. */
  readonly repairMs: number
  /** First pause after "too often"; doubled with each further one, at most eightfold. */
  readonly throttledMs: number
  readonly keepRetryMinMs: number
  readonly keepRetryMaxMs: number
  /**
   * How long the question under way may still end by itself when the program ends, and an update that cannot be kept is
   * still tried. Longer than a poll, so that none is cut off.
   */
  readonly closeMs: number
}
