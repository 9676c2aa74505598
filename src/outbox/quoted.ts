import type { Db } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'

/**
 * Whether the quoted message may be one of ours whose id we do not know yet: its send is under way, or its outcome is
 * still being looked for. Until that is settled nobody can say which case is meant.
 */
export async function quotesUnsettled(db: Db, { accountId, place, quotedMessageId }: StoredEvent): Promise<boolean> {
  if (quotedMessageId === null) return false
  const ours = db.selectFrom('outbox').select('id').where('accountId', '=', accountId)
  const known = await ours.where('messageId', '=', quotedMessageId).executeTakeFirst()
  if (known !== undefined) return false
  const nameless = await ours
    .where('placeId', '=', place.id)
    .where('messageId', 'is', null)
    .where((row) =>
      row.or([
        row('state', 'in', ['sending', 'unknown']),
        row.and([row('state', '=', 'sent'), row('nextLookAt', 'is not', null)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return nameless !== undefined
}
