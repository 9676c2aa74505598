import type { Db } from '../../src/db/client.ts'
import type { Stage } from '../../test/support/stage.ts'
import type { Observed } from './facts.ts'
import { openBot } from './on-bot.ts'
import { openOa } from './on-oa.ts'

/** One of Zalo's official ways, beside the town's own platforms. */
export interface Official {
  /** For the product's process. */
  readonly env: Readonly<Record<string, string>>
  /** A resident writes. */
  ask(text: string): void
  /** That resident wants what is kept about them deleted. */
  withdraw(): void
  /** The product listens again: what it did not take comes once more. */
  retryNow(): void
  /** Does what people do who look after it; called again and again while the product runs. */
  tend(db: Db): Promise<void>
  /** What this platform saw, from its own log alone. */
  observe(): Observed
  stop(): Promise<void>
}

/**
 * `bot`: its messages come by webhook; `polled bot`: they are fetched; `officers’ bot`: it is also a second way to an
 * officer of the town. Of an OA: whether its own messages come back to it, and whether its token is at its end.
 */
export type OfficialName = 'bot' | 'polled bot' | 'officers’ bot' | 'OA' | 'OA unheard' | 'OA at its end'

export function openOfficial(name: OfficialName, stage: Stage, db: Db): Promise<Official> {
  switch (name) {
    case 'bot':
    case 'polled bot':
    case 'officers’ bot':
      return openBot(stage, db, { isPolled: name === 'polled bot', isOfficers: name === 'officers’ bot' })
    case 'OA':
    case 'OA unheard':
    case 'OA at its end':
      return openOa(stage, db, { isUnheard: name === 'OA unheard', isAtItsEnd: name === 'OA at its end' })
  }
}

/** What several platforms saw. */
export function together(all: readonly Observed[]): Observed {
  return {
    written: all.flatMap(({ written }) => written),
    answered: all.flatMap(({ answered }) => answered),
    agreed: all.flatMap(({ agreed }) => agreed),
    shown: all.flatMap(({ shown }) => shown),
    done: all.flatMap(({ done }) => done),
  }
}
