import type { Lifecycle } from '../../src/lib/lifecycle.ts'
import type { Report } from './report.ts'

/** Where a bench runs. */
export interface Room {
  /** A rough look in a fraction of the time: the figures scatter more. */
  readonly quick: boolean
  /** How to take away what was put up; done in reverse order at the end of the bench, and on Ctrl-C. */
  readonly lifecycle: Lifecycle
  /** Tells whoever waits what is going on. */
  readonly say: (line: string) => void
}

export interface Bench {
  readonly name: string
  run(room: Room): Promise<Report>
}
