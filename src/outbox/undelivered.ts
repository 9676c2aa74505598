import type { Db, Tx } from '../db/client.ts'
import { AnswerId, type CaseId } from '../lib/ids.ts'

/**
 * The answer of this case that came too late for its chat, if nothing went there since: it may be sent when the person
 * has written again. Null: there is none.
 */
export async function undeliveredAnswer(db: Db | Tx, caseId: CaseId): Promise<AnswerId | null> {
  const latest = await db
    .selectFrom('outbox')
    .select(['originId', 'state', 'errorCode'])
    .where('caseId', '=', caseId)
    .where('kind', '=', 'answer')
    .where('audience', '=', 'resident')
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (latest?.state !== 'rejected' || latest.errorCode !== 'outside_window') return null
  return AnswerId.parse(latest.originId)
}
