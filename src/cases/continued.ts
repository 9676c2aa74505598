import type { Db, Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { CaseId } from '../lib/ids.ts'
import { openStatuses } from './case.ts'

/**
 * The open case that this message continues: same person, same thread, or in a group a quote of anything that this person
 * or we have said in that case.
 */
export async function findContinued(tx: Tx, event: StoredEvent): Promise<CaseId | null> {
  const found = await continued(tx, event)?.forUpdate().executeTakeFirst()
  return found?.id ?? null
}

/** Whether there is such a case, as things stand. */
export async function continuesCase(db: Db, event: StoredEvent): Promise<boolean> {
  return (await continued(db, event)?.executeTakeFirst()) !== undefined
}

function continued(db: Db | Tx, { accountId, threadKey, authorId, place, quotedMessageId }: StoredEvent) {
  if (authorId === null) return null
  return db
    .selectFrom('cases')
    .select('id')
    .where('accountId', '=', accountId)
    .where('authorId', '=', authorId)
    .where('status', 'in', openStatuses)
    .where((about) => {
      const isSameThread = about('threadKey', '=', threadKey)
      if (place.kind !== 'group' || quotedMessageId === null) return isSameThread
      const ours = about
        .selectFrom('outbox')
        .select('outbox.id')
        .whereRef('outbox.caseId', '=', 'cases.id')
        .where('outbox.accountId', '=', accountId)
        .where('outbox.messageId', '=', quotedMessageId)
        .where('outbox.placeId', '=', place.id)
      const theirs = about
        .selectFrom('caseMessages')
        .innerJoin('events', 'events.id', 'caseMessages.eventId')
        .select('events.id')
        .whereRef('caseMessages.caseId', '=', 'cases.id')
        .where('events.accountId', '=', accountId)
        .where('events.messageId', '=', quotedMessageId)
      return about.or([isSameThread, about.exists(ours), about.exists(theirs)])
    })
    .orderBy('openedAt', 'desc')
}
