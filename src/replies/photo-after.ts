import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { Confirmed } from '../outbox/confirm.ts'
import { PublicCase } from '../outbox/public-case.ts'
import { queueForResident } from '../outbox/queue.ts'
import { residentTexts } from '../texts/resident.ts'
import { findUnit } from '../units/store.ts'

/**
 * The photo of an answer that stands in a chat, where one message cannot both quote the question and show a picture. It
 * is intended only now, so that no photo ever stands there without its answer. Under a post the answer has shown it.
 */
export async function followWithPhoto(tx: Tx, about: Case, answer: Confirmed, now: Date): Promise<void> {
  const { fileId, place, audience } = answer
  const publicCase = PublicCase.of(about)
  if (fileId === null || place.kind === 'post' || publicCase === null) return
  if (audience !== 'public' && audience !== 'resident') return
  const { accountId, unitId, originId, address, approved } = answer
  const { signature } = await findUnit(tx, unitId)
  const text = residentTexts.photo(signature)
  const lane = about.urgent ? 'urgent' : 'live'
  const intended = { accountId, unitId, originId, address, place, audience, fileId, approved, lane, text } as const
  await queueForResident(tx, publicCase, { ...intended, kind: 'photo' }, now)
}
