import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { answerKinds, over } from '../outbox/has-answer.ts'
import { type Destination, latestDirect } from './destination.ts'

/**
 * Whether the case has this answer already. In public it gets one, which may be edited or taken down. In private another
 * one is owed whenever the resident has written again; a comment itself can be answered privately once, ever.
 */
export async function isGiven(
  tx: Tx,
  about: Case,
  { kind, audience, targetId }: Pick<Destination, 'kind' | 'audience' | 'targetId'>,
): Promise<boolean> {
  const live = tx.selectFrom('outbox').select('id').where('state', 'not in', over)
  if (kind === 'private_reply') {
    const replied = live.where('accountId', '=', about.accountId).where('kind', '=', kind)
    return (await replied.where('targetId', '=', targetId).executeTakeFirst()) !== undefined
  }
  const answers = live.where('caseId', '=', about.id).where('kind', 'in', answerKinds).where('audience', '=', audience)
  const direct = audience === 'resident' ? await latestDirect(tx, about) : null
  const since = direct === null ? answers : answers.where('createdAt', '>=', direct.at)
  return (await since.executeTakeFirst()) !== undefined
}

/** Whether an answer of the case to the same readers waits for somebody to let it go. */
export async function isHeld(tx: Tx, about: Case, { audience }: Pick<Destination, 'audience'>): Promise<boolean> {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('caseId', '=', about.id)
    .where('kind', 'in', answerKinds)
    .where('audience', '=', audience)
    .where('state', '=', 'held')
    .executeTakeFirst()
  return row !== undefined
}
