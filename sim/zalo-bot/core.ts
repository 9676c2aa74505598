import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { UpdateLine } from './line.ts'
import type { World } from './world.ts'

/** What the parts of one simulator share. */
export type Core = {
  world: World
  journal: Journal
  faults: Faults
  line: UpdateLine
  now: () => number
  /** Factor on the seconds that getUpdates is asked to wait. */
  pollScale: number
  /** A webhook on this machine is taken, against the rule of the platform. */
  allowLoopbackWebhook: boolean
}
