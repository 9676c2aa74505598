import { getAccount, wantCatchUp } from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { OutboxId } from '../../src/lib/ids.ts'
import { groupOfRow } from '../../src/outbox/closed-group.ts'
import { openedChat } from '../../src/outbox/opened-chat.ts'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import {
  absentByEchoes,
  findUnsettled,
  type NextStep,
  nextStep,
  settleLook,
  type Unsettled,
} from '../../src/outbox/reconcile.ts'
import { confirmEffect } from '../../src/replies/confirm.ts'
import { tellOfTrouble } from '../../src/replies/give-up.ts'
import type { Handler } from '../run.ts'
import { botOf, type Workshop, wakeSenders } from './workshop.ts'

/** Looks for one of our own effects before anything else is done about it. */
export function reconcileWorker(workshop: Workshop): Handler<'reconcile'> {
  return async ({ outboxId }, { log }) => {
    const row = await findUnsettled(workshop.db, outboxId)
    if (row === null || isTooEarly(row, workshop.clock())) return
    const found = await look(workshop, row)
    const { maxLooks, lookAgainMs, giveUpAfterMs } = workshop.pacing
    const now = workshop.clock()
    const triedTooLong = plusMs(row.message.claimedAt, giveUpAfterMs) <= now
    const step = await unlessClosed(workshop.db, outboxId, nextStep(row, found, maxLooks, triedTooLong))
    await transaction(workshop.db, 'settle-unknown', async (tx) => {
      if (step.next === 'confirm') {
        if (step.recipientId !== undefined) await openedChat(tx, outboxId, step.recipientId)
        await confirmEffect(tx, outboxId, step.messageId, now)
        return
      }
      const settled = await settleLook(tx, row, step, now, lookAgainMs)
      if (settled === null) return
      if (step.next === 'ask_person') await tellOfTrouble(tx, outboxId, 'needs_person', now)
      if (step.next === 'reject') await tellOfTrouble(tx, outboxId, 'rejected', now)
    })
    log.info({ was: row.state, found: found.found, next: step.next }, 'looked for own effect')
    if (step.next === 'look_again' || step.next === 'wait')
      await workshop.enqueue('reconcile', { outboxId }, { lane: 'live', delayMs: lookAgainMs })
    wakeSenders(workshop)
  }
}

/**
 * What was refused because its group takes nothing at the moment is owed still: it goes back and waits for the group. Where
 * the refusal made that likely, the group is looked at first.
 */
async function unlessClosed(db: Workshop['db'], id: OutboxId, step: NextStep): Promise<NextStep> {
  if (step.next !== 'reject') return step
  const group = await groupOfRow(db, id)
  if (group === null) return step
  if (group.standing !== 'open') return { next: 'retry' }
  return group.isInDoubt ? { next: 'wait' } : step
}

/** A platform that asked us to keep still is not asked either; the sweep comes back when the time is over. */
function isTooEarly({ nextLookAt }: Unsettled, now: Date): boolean {
  return nextLookAt !== null && nextLookAt > now
}

/**
 * The platform's own word is all that there will ever be: what it took stands. Otherwise nobody can tell. An officer who
 * reads the same card twice loses a moment, one who misses it leaves a resident without an answer: so theirs is taken for
 * absent. What residents read is never repeated on a guess.
 */
function withoutTrace({ message, state }: Unsettled): FoundOwn {
  if (state === 'sent') return { found: 'present', messageId: null }
  return { found: message.audience === 'officer' ? 'absent' : 'unknowable' }
}

async function look(workshop: Workshop, row: Unsettled): Promise<FoundOwn> {
  const { db, clock, pacing } = workshop
  const { accountId } = row.message
  const { canReadBack, hearsItself } = botOf(workshop, (await getAccount(db, accountId)).platform)
  if (!canReadBack && !hearsItself) return withoutTrace(row)
  if (canReadBack) {
    const publisher = await workshop.publisherOf(accountId)
    return publisher === null ? { found: 'not_now' } : publisher.findOwn(row.message)
  }
  const found = await absentByEchoes(db, row, pacing.settleMs, clock())
  if (found.found === 'unknowable') await wantCatchUp(db, accountId, clock())
  return found
}
