import type { Lifecycle } from '../../src/lib/lifecycle.ts'
import { isClean } from './compare.ts'
import type { Balance } from './facts.ts'

/** What one scenario of the soak came to. */
export interface Outcome {
  /** A short name of the run within its scenario, such as a failpoint and a backend. */
  readonly run: string
  readonly isGreen: boolean
  readonly balance: Balance | null
  /** Why it is red, beyond what the balance says. */
  readonly why: string | null
}

export interface Scenario {
  readonly name: string
  readonly about: string
  run(room: SoakRoom): Promise<readonly Outcome[]>
}

export interface SoakRoom {
  readonly lifecycle: Lifecycle
  /** How many residents ask in the storm. */
  readonly comments: number
  /** How many messages are written in the residents' groups on Zalo. */
  readonly messages: number
  /** Progress for the person who waits; not part of the result. */
  say(line: string): void
}

/** The outcome of a run whose balance must be clean. */
export function outcomeOf(run: string, balance: Balance, why: string | null = null): Outcome {
  return { run, isGreen: why === null && isClean(balance), balance, why }
}
