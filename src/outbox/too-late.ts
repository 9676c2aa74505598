import type { Db } from '../db/client.ts'
import { windowEndIn } from '../intake/window.ts'
import { plusMs } from '../lib/clock.ts'
import type { OutboundMessage } from './outbound.ts'
import type { RefusalReason } from './publisher.ts'

/** So long after a comment or a visitor's post its author can still be answered privately. The platform's rule, not our pace. */
const privateReplyMs = 7 * 24 * 3_600_000

/**
 * Whether the platform would refuse this text to one person because too much time has passed; null: it would not. Asked
 * right before the send, because rows wait: for their turn, for a paused account, for somebody's yes.
 */
export async function tooLate(
  db: Db,
  message: Pick<OutboundMessage, 'id' | 'kind' | 'audience'>,
  now: Date,
): Promise<RefusalReason | null> {
  if (message.audience !== 'resident') return null
  const row = await db
    .selectFrom('outbox')
    .select(['accountId', 'placeKind', 'placeId', 'targetId'])
    .where('id', '=', message.id)
    .executeTakeFirstOrThrow()
  if (message.kind === 'private_reply') {
    const writtenAt = await writtenWhen(db, row.accountId, row.targetId)
    return writtenAt !== null && plusMs(writtenAt, privateReplyMs) <= now ? 'private_reply_too_old' : null
  }
  const end = row.placeKind === 'direct' ? await windowEndIn(db, row.accountId, row.placeId) : null
  return end !== null && end <= now ? 'outside_window' : null
}

async function writtenWhen(db: Db, accountId: OutboundMessage['accountId'], id: string | null): Promise<Date | null> {
  const event = await db
    .selectFrom('events')
    .select('occurredAt')
    .where('accountId', '=', accountId)
    .where('messageId', '=', id)
    .where('kind', 'in', ['comment', 'visitor_post'])
    .executeTakeFirst()
  return event?.occurredAt ?? null
}
