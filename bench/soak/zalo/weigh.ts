import type { LogEntry } from '../../../sim/zalo/world/log.ts'
import type { Db } from '../../../src/db/client.ts'
import { compare } from '../compare.ts'
import { readLedger } from '../ledger.ts'
import { observeZalo } from '../observe.ts'
import { type Outcome, outcomeOf } from '../scenario.ts'
import { countAnswers, whatIsWrong } from './answers.ts'
import type { Questions } from './talk.ts'
import { type Commune, officesOf } from './villages.ts'

/**
 * Twice over: what Zalo saw against what the product says, and, of Zalo's log alone, whether each question has its
 * answer, once, and whether anything else was said.
 */
export async function weighZalo(
  run: string,
  log: readonly LogEntry[],
  { questions, communes }: { readonly questions: Questions; readonly communes: readonly Commune[] },
  db: Db,
): Promise<Outcome> {
  const offices = officesOf(communes)
  const observed = observeZalo({ log }, offices)
  const balance = compare(observed, await readLedger(db))
  return outcomeOf(run, balance, whatIsWrong(countAnswers(log, questions, offices)))
}
