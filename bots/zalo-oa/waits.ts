/** Every wait of the adapter, in milliseconds. All come from outside. */
export interface OaWaits {
  /** One call, its answer included. */
  readonly callTimeoutMs: number
  /** An access token that ends within this is renewed before it is used. */
  readonly renewEarlyMs: number
  /** Before Zalo is tried again that could not be reached. */
  readonly unreachableMs: number
  /** First pause after "too often"; doubled with each further one, at most eightfold. */
  readonly throttledMs: number
  /** Pause after "quota used up". */
  readonly quotaMs: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

export const shippedOaWaits: OaWaits = {
  callTimeoutMs: 15 * second,
  renewEarlyMs: 2 * hour, // of the 25 that a token lives
  unreachableMs: 5 * second,
  throttledMs: 5 * minute,
  quotaMs: 1 * hour,
}
