import type { Db, Tx } from '../db/client.ts'
import { type Clock, plusMs } from '../lib/clock.ts'
import type { AccountId, CaseId, OutboxId } from '../lib/ids.ts'
import { type Claim, claimNext } from './claim.ts'
import { NotSentError, OutcomeUnknownError, type Publisher, RejectedError } from './publisher.ts'
import { judge, type Outcome, settle, type Verdict } from './settle.ts'
import { tooLate } from './too-late.ts'

export interface SendPacing {
  readonly gapMs: number
  readonly jitterMs: number
  readonly perDay: number
  readonly leaseMs: number
  readonly retryMs: number
  readonly settleMs: number
  readonly maxAttempts: number
}

export interface SendContext {
  readonly db: Db
  readonly clock: Clock
  /** 0 ≤ random < 1; the jitter between two sends. */
  readonly random: () => number
  /** The accounts that can send from this process at the moment; otherwise all. What waits for the others is left alone. */
  readonly able?: readonly AccountId[] | null
  /** Null: the account cannot send from this process after all. */
  readonly publisherOf: (accountId: AccountId) => Promise<Publisher | null>
  /** Called inside the settling transaction when a person has to know: the row is rejected or waits for a decision. */
  readonly onTrouble: (tx: Tx, id: OutboxId, trouble: 'needs_person' | 'rejected') => Promise<void>
}

/** What one send came to, for the caller's log and for what follows. */
export interface SendReport {
  readonly id: OutboxId
  readonly accountId: AccountId
  readonly caseId: CaseId | null
  readonly state: Verdict['state']
  readonly errorCode: string | null
}

/** Claims and sends one row of the platform. Null: nothing is due on any free account. */
export async function sendNext(context: SendContext, platform: string, pacing: SendPacing): Promise<SendReport | null> {
  const claim = await claimToSend(context, platform, pacing)
  return claim === null ? null : sendClaimed(context, claim, pacing)
}

/** A row that is ours to send until then. */
export interface Turn extends Claim {
  readonly oursUntil: Date
}

/** Claims one row of the platform. Null: nothing is due on any free account. */
export async function claimToSend(
  { db, clock, able }: Pick<SendContext, 'db' | 'clock' | 'able'>,
  platform: string,
  pacing: SendPacing,
): Promise<Turn | null> {
  const claimedAt = clock()
  const claim = await claimNext(db, platform, claimedAt, pacing, able)
  return claim === null ? null : { ...claim, oursUntil: plusMs(claimedAt, pacing.leaseMs) }
}

/** Sends what was claimed and writes down what came of it. */
export async function sendClaimed(context: SendContext, claim: Turn, pacing: SendPacing): Promise<SendReport> {
  const { message } = claim
  const outcome = await attempt(context, claim)
  const verdict = limitAttempts(judge(outcome, message.audience !== 'officer'), outcome, claim, pacing.maxAttempts)
  const { sent: messageId, recipientId } = outcome instanceof Error ? { sent: null } : outcome
  const wasReached = !(outcome instanceof NotSentError) || outcome.answered
  const gapMs = pacing.gapMs + Math.floor(context.random() * pacing.jitterMs)
  const result = { messageId, recipientId, verdict, wasReached }
  await settle(context.db, claim, result, context.clock(), { ...pacing, gapMs }, context.onTrouble)
  const { id, accountId, caseId } = message
  return { id, accountId, caseId, state: verdict.state, errorCode: verdict.errorCode }
}

async function attempt(context: SendContext, { message, oursUntil }: Turn): Promise<Outcome> {
  try {
    const publisher = await context.publisherOf(message.accountId)
    if (publisher === null) return new NotSentError('the account cannot send at the moment', { answered: false })
    // A process that slept over its lease has to assume that somebody else has taken the row for lost by now.
    if (context.clock() > oursUntil) return new NotSentError('the claim grew old before the send', { answered: false })
    const reason = await tooLate(context.db, message, context.clock())
    if (reason !== null) return new RejectedError('the platform takes it no more', { reason, answered: false })
    const { messageId, ...told } = await publisher.send(message)
    return { sent: messageId, ...told }
  } catch (error) {
    if (error instanceof NotSentError || error instanceof RejectedError || error instanceof OutcomeUnknownError)
      return error
    // A bug of ours somewhere between claim and answer: whether the platform heard of it cannot be told.
    return new OutcomeUnknownError('the publisher failed in an unforeseen way', { platformCode: 'publisher_bug' })
  }
}

/** Refused again and again although nothing says to wait: a person has to look. What was never reached waits as long as it takes. */
function limitAttempts(verdict: Verdict, outcome: Outcome, claim: Claim, maxAttempts: number): Verdict {
  const tryAgain = verdict.state === 'pending' && claim.attempts < maxAttempts
  const unreached = outcome instanceof NotSentError && (!outcome.answered || outcome.advice.do !== 'go_on')
  return tryAgain || unreached || verdict.state !== 'pending' ? verdict : { ...verdict, state: 'needs_person' }
}
