import type { Db, Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { OutboundKind } from './outbound.ts'

/** The message of ours, of one of these kinds, that is quoted; null: it quotes none. */
export async function findQuoted(
  db: Db | Tx,
  { accountId, quotedMessageId }: Pick<StoredEvent, 'accountId' | 'quotedMessageId'>,
  kinds: readonly OutboundKind[] = OutboundKind.options,
): Promise<{ readonly originId: string; readonly caseId: CaseId | null } | null> {
  if (quotedMessageId === null) return null
  const quoted = await db
    .selectFrom('outbox')
    .select(['originId', 'caseId'])
    .where('accountId', '=', accountId)
    .where('messageId', '=', quotedMessageId)
    .where('kind', 'in', kinds)
    .executeTakeFirst()
  return quoted ?? null
}

/**
 * Whether the quoted message may be one of ours whose id we do not know yet: its send is under way, or its outcome is
 * still being looked for. Until that is settled nobody can say which case is meant.
 */
export async function quotesUnsettled(db: Db, message: StoredEvent): Promise<boolean> {
  if (message.quotedMessageId === null || (await findQuoted(db, message)) !== null) return false
  const nameless = await db
    .selectFrom('outbox')
    .select('id')
    .where('accountId', '=', message.accountId)
    .where('placeId', '=', message.place.id)
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
