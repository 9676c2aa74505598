import { bindOfficer, findInviteCode } from '../accounts/invites.ts'
import { type Db, transaction } from '../db/client.ts'
import { closeEvent, type StoredEvent } from '../intake/store.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import { officerTexts } from '../texts/officer.ts'
import { officerName } from '../units/store.ts'

/**
 * A one-time code sent 1:1 binds its sender. False: the message is no such code, or one that is unknown, used or too
 * old, and it is treated like any other message.
 */
export async function bindByCode(db: Db, message: StoredEvent, now: Date): Promise<boolean> {
  const code = message.text === null ? null : findInviteCode(message.text)
  const { authorId, accountId, unitId, address, place } = message
  if (code === null || place.kind !== 'direct' || authorId === null) return false
  return transaction(db, 'bind-officer', async (tx) => {
    const officerId = await bindOfficer(tx, { code, accountId, externalId: authorId }, now)
    if (officerId === null) return false
    await closeEvent(tx, message.id, 'officer_bound', now)
    if (address !== null) {
      const text = officerTexts.bound(await officerName(tx, officerId))
      await queueForOfficer(
        tx,
        { accountId, unitId, caseId: null, originId: message.id, address, place, kind: 'notice', lane: 'live', text },
        now,
      )
    }
    return true
  })
}
