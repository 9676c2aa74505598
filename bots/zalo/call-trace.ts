import { AsyncLocalStorage } from 'node:async_hooks'

/** What the wire said during one call of the library, including what the library hides. */
export interface CallTrace {
  /** Paths in the order in which they were asked, answered or not. */
  readonly asked: string[]
  /** Answers in their order. `code` is Zalo's error_code outside the seal, null where there was none to read. */
  readonly answers: { path: string; status: number; code: number | null }[]
  /** Set when a request got no whole answer. `reached` is false only when it provably never left. */
  failure: { reached: boolean; code: string } | null
  /** Ends the call's requests early. */
  readonly signal: AbortSignal | null
}

const current = new AsyncLocalStorage<CallTrace>()

export function newTrace(signal: AbortSignal | null = null): CallTrace {
  return { asked: [], answers: [], failure: null, signal }
}

/** Runs one call of the library so that our fetch writes into `trace`. */
export function traced<T>(trace: CallTrace, work: () => Promise<T>): Promise<T> {
  return current.run(trace, work)
}

export function currentTrace(): CallTrace | null {
  return current.getStore() ?? null
}
