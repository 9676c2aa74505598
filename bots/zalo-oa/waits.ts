/** Every wait of the adapter, in milliseconds. All come from outside. */
export interface OaWaits {
  /** One call, its answer included. */
  readonly callTimeoutMs: number
  /**
   * A message that has not gone out so long after its turn began goes out no more in that turn: it must be over before
   * anybody may think that its sender has died.
   */
  readonly sendWithinMs: number
  /** An access token that ends within this is renewed before it is used. */
  readonly renewEarlyMs: number
  /** Before Zalo is tried again that could not be reached. */
  readonly unreachableMs: number
  /** First pause after "too often"; doubled with each further one, at most eightfold. */
  readonly throttledMs: number
  /** Pause after "quota used up". */
  readonly quotaMs: number
}
