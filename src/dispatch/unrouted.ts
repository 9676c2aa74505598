import { moveCase } from '../cases/move.ts'
import type { Case } from '../cases/store.ts'
import type { Db, Tx } from '../db/client.ts'
import type { CaseId } from '../lib/ids.ts'
import { answerKinds, hasAnswer, over } from '../outbox/has-answer.ts'

/** Cases without progress since then that nobody was given: those that wait, and those that are owed again. */
export async function unroutedCases(db: Db, before: Date, limit: number): Promise<CaseId[]> {
  const rows = await db
    .selectFrom('cases')
    .select('cases.id')
    .where((row) =>
      row.or([
        row('status', '=', 'received'),
        row.and([
          row('status', '=', 'answered'),
          row('confidentiality', '=', 'restricted'),
          row.not(
            row.exists(
              row
                .selectFrom('outbox')
                .select('outbox.id')
                .whereRef('outbox.caseId', '=', 'cases.id')
                .where('outbox.kind', 'in', answerKinds)
                .where('outbox.state', 'not in', over),
            ),
          ),
        ]),
      ]),
    )
    .where('cases.changedAt', '<=', before)
    .orderBy('openedAt')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * Whether the case, which is locked, waits for somebody. It also does when it became restricted while its answer was under
 * way and the answer never arrived: nobody has answered it, and those who have it may not read it any more.
 */
export async function waitsForRouting(tx: Tx, found: Case, now: Date): Promise<boolean> {
  if (found.status === 'received') return true
  if (found.status !== 'answered' || found.confidentiality !== 'restricted' || (await hasAnswer(tx, found)))
    return false
  await moveCase(tx, found.id, 'answered', 'assigned', now)
  return moveCase(tx, found.id, 'assigned', 'received', now)
}
