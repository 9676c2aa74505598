import { getAccount } from '../accounts/store.ts'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import type { ChatAddress } from './route.ts'

/** Tells an officer something about what they wrote in a group, 1:1: in the group it would be in the way. */
export async function tellWriter(
  tx: Tx,
  { id, accountId, unitId, authorId }: StoredEvent,
  text: string,
  chatAddress: ChatAddress,
  now: Date,
): Promise<void> {
  if (authorId === null) return
  const { platform } = await getAccount(tx, accountId)
  const place = { kind: 'direct', id: authorId } as const
  const notice = {
    accountId,
    unitId,
    caseId: null,
    originId: id,
    address: chatAddress(platform, place),
    place,
  } as const
  await queueForOfficer(tx, { ...notice, kind: 'notice', lane: 'live', text }, now)
}
