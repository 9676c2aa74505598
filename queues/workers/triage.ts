import { findOfficer, getAccount } from '../../src/accounts/store.ts'
import { getCase } from '../../src/cases/store.ts'
import { withdrawRemoved } from '../../src/cases/withdraw.ts'
import { bindByCode } from '../../src/commands/bind.ts'
import { executeMessage } from '../../src/commands/execute.ts'
import { photoOf } from '../../src/commands/photo.ts'
import { transaction } from '../../src/db/client.ts'
import { tellWorkers } from '../../src/dispatch/tell.ts'
import { isFetched } from '../../src/files/kinds.ts'
import { needsLookup } from '../../src/intake/lookup.ts'
import { type Sorted, sortEvent } from '../../src/intake/sort.ts'
import { closeEvent, findEvent, type StoredEvent } from '../../src/intake/store.ts'
import type { OfficerId } from '../../src/lib/ids.ts'
import { findEchoed, findReaction } from '../../src/outbox/confirm.ts'
import { openedChat } from '../../src/outbox/opened-chat.ts'
import { quotesUnsettled } from '../../src/outbox/quoted.ts'
import { receiveEdit } from '../../src/reception/edited.ts'
import { receiveForward } from '../../src/reception/forward.ts'
import { type Desk, type Received, receiveMessage } from '../../src/reception/receive.ts'
import { askApproval } from '../../src/replies/approval.ts'
import { confirmEffect } from '../../src/replies/confirm.ts'
import { markAnsweredOutside } from '../../src/replies/outside.ts'
import { markAnswerRemoved } from '../../src/replies/removed.ts'
import { officerTexts } from '../../src/texts/officer.ts'
import { PostponeError } from '../outcome.ts'
import type { JobContext } from '../run.ts'
import type { Look } from './crowd.ts'
import { surroundingsOf } from './surroundings.ts'
import { askMeans, botOf, type Workshop, wakeSenders } from './workshop.ts'

/** Looks at one event: whose words are these, and what follows? True: they are somebody's who waits for us. */
export function triage(workshop: Workshop): Look {
  return async ({ eventId }, context) => {
    const event = await findEvent(workshop.db, eventId)
    if (event === null || event.outcome !== null) return false
    if (await isLookedUpFirst(workshop, event, context)) return true
    const officerId = event.authorId === null ? null : await findOfficer(workshop.db, event.accountId, event.authorId)
    const sorted = sortEvent(event, await surroundingsOf(workshop, event, officerId))
    await follow(workshop, event, sorted, officerId, context)
    return sorted.as === 'resident' || sorted.as === 'officer' || sorted.as === 'forward'
  }
}

/** What the webhook left out may change whose words these are: nothing is concluded before the platform was asked. */
async function isLookedUpFirst(workshop: Workshop, event: StoredEvent, { lane }: JobContext): Promise<boolean> {
  if (!needsLookup(event)) return false
  const { platform } = await getAccount(workshop.db, event.accountId)
  if (!botOf(workshop, platform).canLookUp) return false
  await workshop.enqueue('lookup', { eventId: event.id }, { lane })
  return true
}

async function follow(
  workshop: Workshop,
  event: StoredEvent,
  sorted: Sorted,
  officerId: OfficerId | null,
  context: JobContext,
): Promise<void> {
  const { db, clock } = workshop
  switch (sorted.as) {
    case 'nothing':
      await transaction(db, 'close-event', (tx) => closeEvent(tx, event.id, sorted.outcome, clock()))
      return
    case 'echo':
      return confirmEcho(workshop, event, context)
    case 'receipt':
      return noteReceipt(workshop, event, context)
    case 'removal':
      return remove(workshop, event, context)
    case 'edit':
      return edit(workshop, event)
    case 'forward':
      return officerId === null ? undefined : takeForward(workshop, event, officerId, context)
    case 'officer':
    case 'resident':
      // A code also binds who is bound already: phones are handed on together with the post.
      if (await bindByCode(db, event, clock())) {
        context.log.info('officer bound')
        return wakeSenders(workshop)
      }
      return sorted.as === 'officer' && officerId !== null
        ? obey(workshop, event, officerId, context)
        : receive(workshop, event, context)
  }
}

async function receive(workshop: Workshop, event: StoredEvent, context: JobContext): Promise<void> {
  const received = await receiveMessage(workshop.db, event, await deskOf(workshop, event), workshop.clock())
  await handOn(workshop, event, received, context)
}

async function deskOf(workshop: Workshop, { accountId }: StoredEvent): Promise<Desk> {
  const { reacts } = botOf(workshop, (await getAccount(workshop.db, accountId)).platform)
  return { shown: workshop.limits.shown, reacts }
}

async function takeForward(
  workshop: Workshop,
  event: StoredEvent,
  officerId: OfficerId,
  context: JobContext,
): Promise<void> {
  const { db, clock } = workshop
  const { platform } = await getAccount(db, event.accountId)
  const means = {
    toldByQuote: botOf(workshop, platform).quotedIn,
    chatAddress: askMeans(workshop).chatAddress,
    desk: await deskOf(workshop, event),
  }
  const forwarded = await receiveForward(db, event, officerId, means, clock())
  if (forwarded.as === 'taken') return handOn(workshop, forwarded.question, forwarded.received, context)
  context.log.info({ outcome: forwarded.outcome, officerId }, 'nothing came of a message that was handed over')
  wakeSenders(workshop)
}

/** What follows once a resident's message was received. */
async function handOn(
  workshop: Workshop,
  event: StoredEvent,
  received: Received,
  { log, lane }: JobContext,
): Promise<void> {
  if (received.as === 'opened') {
    const { caseId, reading } = received
    const { kind, confidence, urgent } = reading.label
    log.info({ caseId, kind, confidence, urgent }, 'case opened')
    await workshop.enqueue('route', { caseId }, { lane: urgent ? 'urgent' : lane })
  }
  const broughtFiles = (received.as === 'opened' || received.as === 'joined') && event.attachments.some(isFetched)
  if (broughtFiles) await workshop.enqueue('files', { eventId: event.id }, { lane })
  wakeSenders(workshop)
}

async function obey(
  workshop: Workshop,
  event: StoredEvent,
  officerId: OfficerId,
  { log, lane }: JobContext,
): Promise<void> {
  const { db, clock, pacing } = workshop
  if (await quotesUnsettled(db, event)) {
    throw new PostponeError('the quoted message may be ours: its sending is not settled yet', pacing.settleMs)
  }
  const { platform } = await getAccount(db, event.accountId)
  const photo = await photoOf(db, event, botOf(workshop, platform), clock())
  if (photo?.as === 'fetching') {
    await workshop.enqueue('files', { eventId: event.id }, { lane }) // which looks at this message again
    return
  }
  const executed = await executeMessage(
    db,
    officerId,
    event,
    async (accountId) => botOf(workshop, (await getAccount(db, accountId)).platform),
    clock(),
    photo?.as === 'kept' ? photo.fileId : (photo?.as ?? null),
  )
  log.info({ outcome: executed.outcome, officerId }, 'officer message carried out')
  if (executed.toApprove !== undefined) {
    const asked = await askApproval(db, executed.toApprove, askMeans(workshop), clock())
    if (asked === 'nobody') log.warn({ outboxId: executed.toApprove }, 'nobody can be asked to approve this answer')
  }
  if (executed.routeAgain !== null) await workshop.enqueue('route', { caseId: executed.routeAgain }, { lane: 'live' })
  wakeSenders(workshop)
}

async function confirmEcho(workshop: Workshop, event: StoredEvent, { log }: JobContext): Promise<void> {
  const now = workshop.clock()
  const seen = await transaction(workshop.db, 'confirm-outbox', async (tx) => {
    const outboxId = await findEchoed(tx, event)
    if (outboxId !== null) {
      if (event.place.kind === 'direct') await openedChat(tx, outboxId, event.place.id)
      await confirmEffect(tx, outboxId, event.messageId, now)
    }
    const outside = outboxId === null ? await markAnsweredOutside(tx, event, now) : []
    await closeEvent(tx, event.id, outboxId === null ? 'written_outside' : 'echo', now)
    return { outboxId, outside }
  })
  if (seen.outboxId !== null) log.info({ outboxId: seen.outboxId }, 'own effect confirmed by its echo')
  for (const caseId of seen.outside) log.info({ caseId }, 'case answered on the platform itself')
  wakeSenders(workshop)
}

/** What somebody did with a message without writing. A sign of our own is an effect that stands now. */
async function noteReceipt({ db, clock }: Workshop, event: StoredEvent, { log }: JobContext): Promise<void> {
  const outboxId = await transaction(db, 'confirm-outbox', async (tx) => {
    const reaction = event.kind === 'reaction' ? await findReaction(tx, event) : null
    if (reaction !== null) await confirmEffect(tx, reaction, null, clock())
    await closeEvent(tx, event.id, reaction === null ? 'receipt' : 'echo', clock())
    return reaction
  })
  if (outboxId !== null) log.info({ outboxId }, 'own reaction confirmed by its echo')
}

async function remove(workshop: Workshop, event: StoredEvent, { log }: JobContext): Promise<void> {
  const now = workshop.clock()
  const { withdrawn, unpublished } = await transaction(workshop.db, 'close-event', async (tx) => {
    const unpublished = await markAnswerRemoved(tx, event, now)
    const withdrawn = await withdrawRemoved(tx, event, now)
    for (const caseId of withdrawn) {
      const about = await getCase(tx, caseId)
      await tellWorkers(tx, about, event.id, officerTexts.takenBack(about.code), now)
    }
    const outcome = unpublished !== null ? 'answer_removed' : withdrawn.length > 0 ? 'case_withdrawn' : 'removal_noted'
    await closeEvent(tx, event.id, outcome, now)
    return { withdrawn, unpublished }
  })
  for (const caseId of withdrawn) log.info({ caseId }, 'case withdrawn by its author')
  if (unpublished !== null) log.warn({ caseId: unpublished }, 'a published answer was removed on the platform')
  wakeSenders(workshop)
}

async function edit(workshop: Workshop, event: StoredEvent): Promise<void> {
  const { routeAgain } = await receiveEdit(workshop.db, event, workshop.clock())
  if (routeAgain !== null) await workshop.enqueue('route', { caseId: routeAgain }, { lane: 'live' })
  wakeSenders(workshop)
}
