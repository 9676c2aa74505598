import { getAccount } from '../../src/accounts/store.ts'
import { type Facts, type Lookup, NotNowError, needsLookup } from '../../src/intake/lookup.ts'
import { countLookup, endLookup } from '../../src/intake/save-lookup.ts'
import { findEvent, type StoredEvent } from '../../src/intake/store.ts'
import { findMark } from '../../src/outbox/mark.ts'
import { PostponeError } from '../outcome.ts'
import type { Handler } from '../run.ts'
import type { Workshop } from './workshop.ts'

/**
 * Asks the platform for what its webhook left out, a bounded number of times. With or without an answer the event goes
 * on: what stays without words is restricted, and a person opens it.
 */
export function lookupWorker(workshop: Workshop): Handler<'lookup'> {
  return async ({ eventId }, { log, lane }) => {
    const { db } = workshop
    const event = await findEvent(db, eventId)
    if (event === null || event.outcome !== null) return
    if (needsLookup(event)) {
      const { externalId } = await getAccount(db, event.accountId)
      const facts = await lookUp(workshop, event)
      const isOwn = wasWrittenByUs(event, facts, externalId)
      await endLookup(db, event, facts, isOwn, workshop.clock())
      log.info({ found: facts !== null, isOwn }, 'looked up on the platform')
    }
    await workshop.enqueue('triage', { eventId }, { lane })
  }
}

async function lookUp(workshop: Workshop, event: StoredEvent): Promise<Facts | null> {
  const lookup: Lookup | null = await workshop.lookupOf(event.accountId)
  if (lookup === null) return null
  try {
    return await lookup(event)
  } catch (error) {
    if (!(error instanceof NotNowError)) throw error
    const { tries, retryMs } = workshop.pacing.lookup
    const tried = await countLookup(workshop.db, event.id)
    if (tried >= tries) return null
    throw new PostponeError('the platform could not be asked', retryMs * 2 ** (tried - 1), { cause: error })
  }
}

/**
 * The account's own words must never be taken for a resident's, or we would answer ourselves. Where the platform keeps
 * the author to itself, the mark that ends our texts tells.
 */
function wasWrittenByUs(event: StoredEvent, facts: Facts | null, ownId: string): boolean {
  const authorId = event.authorId ?? facts?.author?.id ?? null
  if (authorId !== null) return authorId === ownId
  return findMark(event.text ?? facts?.text ?? '') !== null
}
