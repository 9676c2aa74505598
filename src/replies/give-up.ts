import { getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { tellWorkers } from '../dispatch/tell.ts'
import type { OutboxId } from '../lib/ids.ts'
import { officerTexts } from '../texts/officer.ts'

/** What became of an answer cannot be known, or the platform will not take it: those who have the case are told. */
export async function tellOfTrouble(
  tx: Tx,
  id: OutboxId,
  trouble: 'needs_person' | 'rejected',
  now: Date,
): Promise<void> {
  const row = await tx.selectFrom('outbox').select(['caseId', 'kind']).where('id', '=', id).executeTakeFirstOrThrow()
  if (row.caseId === null || row.kind !== 'answer') return
  const about = await getCase(tx, row.caseId)
  const text = trouble === 'needs_person' ? officerTexts.askPerson(about.code) : officerTexts.rejected(about.code)
  await tellWorkers(tx, about, id, text, now)
}
