import type { Tx } from '../db/client.ts'
import type { CaseId, OfficerId } from '../lib/ids.ts'
import { appendHistory } from './store.ts'

/**
 * A person, or a new wording, decides who may read about the case. Becoming restricted takes back whatever has not left yet (the database
 * does that in the same statement); becoming public sends nothing by itself.
 */
export async function setConfidentiality(
  tx: Tx,
  caseId: CaseId,
  confidentiality: 'public' | 'restricted',
  by: { officerId: OfficerId } | { reason: 'denunciation' },
  now: Date,
): Promise<void> {
  await tx
    .updateTable('cases')
    .set((set) => ({
      confidentiality,
      confidentialityReason: 'officerId' in by ? 'decided_by_person' : by.reason,
      version: set('version', '+', 1),
      changedAt: now,
    }))
    .where('id', '=', caseId)
    .execute()
  await appendHistory(
    tx,
    {
      caseId,
      what: confidentiality === 'public' ? 'made_public' : 'made_restricted',
      ...('officerId' in by ? { actorOfficerId: by.officerId } : { details: by }),
    },
    now,
  )
}
