import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { undeliveredAnswer } from '../outbox/undelivered.ts'
import type { Means } from './means.ts'
import { type Submitted, submitAnswer } from './submit.ts'
import type { Ordered } from './take-down.ts'

/** The answer that came too late for its chat is given again, in the same words. Null: there is none. */
export async function resendAnswer(
  tx: Tx,
  about: Case,
  by: Ordered,
  means: Means,
  now: Date,
): Promise<Submitted | null> {
  const answerId = await undeliveredAnswer(tx, about.id)
  if (answerId === null) return null
  const { text } = await tx.selectFrom('answers').select('text').where('id', '=', answerId).executeTakeFirstOrThrow()
  return submitAnswer(tx, about, { ...by, text, way: 'privately' }, means, now)
}
