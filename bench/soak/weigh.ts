import type { Db } from '../../src/db/client.ts'
import type { Stage } from '../../test/support/stage.ts'
import { compare } from './compare.ts'
import { readLedger } from './ledger.ts'
import { observe } from './observe.ts'
import { countReplies, whatIsWrong } from './replies.ts'
import { type Outcome, outcomeOf } from './scenario.ts'

/**
 * Twice over: what the platforms saw against what the product says, and, of Facebook's log alone, whether each comment
 * has its acknowledgement and its answer, once.
 */
export async function weigh(run: string, stage: Pick<Stage, 'facebook' | 'zalo' | 'town'>, db: Db): Promise<Outcome> {
  const balance = compare(observe(stage), await readLedger(db))
  return outcomeOf(run, balance, whatIsWrong(countReplies(stage.facebook.log)))
}
