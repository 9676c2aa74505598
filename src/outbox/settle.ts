import { type Db, type Tx, transaction } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { OutboxId } from '../lib/ids.ts'
import { backToPending } from './back-to-pending.ts'
import type { Claim } from './claim.ts'
import { freeLane } from './lane.ts'
import type { OutboxState } from './outbound.ts'
import { type AccountAdvice, type NotSentError, OutcomeUnknownError, RejectedError, type Sent } from './publisher.ts'

/** What became of one send. */
export type Outcome =
  | ({ readonly sent: string | null } & Omit<Sent, 'messageId'>)
  | NotSentError
  | RejectedError
  | OutcomeUnknownError

export interface Verdict {
  readonly state: Extract<OutboxState, 'sent' | 'pending' | 'rejected' | 'unknown' | 'needs_person'>
  /** Only for `unknown`: what to do once its absence is proved. */
  readonly ifAbsent: 'retry' | 'reject' | null
  readonly errorCode: string | null
  readonly advice: AccountAdvice
}

/**
 * Pure. A public or resident's effect that the platform answered in any way but success is unknown until it was looked
 * for once: a clean 4xx has been seen after the comment was created. An officer's card is repeated more freely, also one
 * that is refused while the account is to keep still; but an unknown outcome is looked for there too.
 */
export function judge(outcome: Outcome, isPublic: boolean): Verdict {
  if (!(outcome instanceof Error)) {
    const errorCode = outcome.wasDone === true ? doneAlready : null
    return { state: 'sent', ifAbsent: null, errorCode, advice: { do: 'go_on' } }
  }
  const { advice } = outcome
  const errorCode = outcome.reason ?? outcome.platformCode ?? outcome.code
  if (outcome instanceof OutcomeUnknownError) return { state: 'unknown', ifAbsent: 'retry', errorCode, advice }
  const rejected = outcome instanceof RejectedError
  if (isPublic && outcome.answered) {
    return { state: 'unknown', ifAbsent: rejected ? 'reject' : 'retry', errorCode, advice }
  }
  const isForGood = rejected && (isPublic || advice.do !== 'wait')
  return { state: isForGood ? 'rejected' : 'pending', ifAbsent: null, errorCode, advice }
}

/** Of a row that is sent because the platform says that nothing is left to do; whose doing that was cannot be read. */
export const doneAlready = 'done_already'

/** What came of an attempt, and whether the platform heard of it at all. */
export interface Result {
  readonly messageId: string | null
  /** Whom it reached, where only the platform knew. */
  readonly recipientId?: string | undefined
  readonly verdict: Verdict
  readonly wasReached: boolean
}

/** An account that cannot be reached now may be back in a moment; a platform that refuses wants to be left alone. */
const doublings = { unreached: 3, refused: 8 } as const

export interface SettlePacing {
  readonly gapMs: number
  readonly retryMs: number
  readonly settleMs: number
}

/**
 * Writes the verdict down and frees the account. False: the row had moved on meanwhile (its own echo was faster, or the
 * lease was lost), and what stands there is the better knowledge.
 */
export async function settle(
  db: Db,
  claim: Claim,
  { messageId, recipientId, verdict, wasReached }: Result,
  now: Date,
  pacing: SettlePacing,
  onTrouble: (tx: Tx, id: OutboxId, trouble: 'needs_person' | 'rejected') => Promise<void>,
): Promise<boolean> {
  const { message, fence, attempts } = claim
  const doubled = Math.min(attempts - 1, wasReached ? doublings.refused : doublings.unreached)
  return transaction(db, 'settle-outbox', async (tx) => {
    const settled = await tx
      .updateTable('outbox')
      .set({
        state: verdict.state === 'pending' ? backToPending() : verdict.state,
        errorCode: verdict.errorCode,
        ifAbsent: verdict.ifAbsent,
        attemptEndedAt: now,
        changedAt: now,
        ...(messageId === null ? {} : { messageId }),
        ...(recipientId === undefined ? {} : { placeId: recipientId }),
        ...(verdict.state === 'pending' ? { dueAt: plusMs(now, pacing.retryMs * 2 ** doubled) } : {}),
        ...(verdict.state === 'unknown' || verdict.state === 'sent'
          ? { nextLookAt: lookAt(verdict.advice, plusMs(now, pacing.settleMs)) }
          : {}),
      })
      .where('id', '=', message.id)
      // Taken for lost already, and now it turns out that it arrived.
      .where('state', 'in', verdict.state === 'sent' ? ['sending', 'unknown'] : ['sending'])
      .where('fence', '=', fence)
      .executeTakeFirst()
    await freeLane(tx, message.accountId, fence, { advice: verdict.advice, gapMs: pacing.gapMs, wasReached }, now)
    const isSettled = settled.numUpdatedRows > 0n
    if (isSettled && (verdict.state === 'needs_person' || verdict.state === 'rejected')) {
      await onTrouble(tx, message.id, verdict.state)
    }
    return isSettled
  })
}

/** Calls made while throttled prolong it, also those that only look. */
function lookAt(advice: AccountAdvice, soon: Date): Date {
  if (advice.do !== 'wait' || advice.why !== 'throttled') return soon
  return new Date(Math.max(soon.getTime(), advice.untilMs))
}

/** Rows whose sender died in the middle: nobody knows what became of them. */
export async function markUnknown(db: Db, now: Date, graceMs: number): Promise<OutboxId[]> {
  return transaction(
    db,
    (marked) => (marked.length === 0 ? null : 'mark-unknown'),
    async (tx) => {
      const rows = await tx
        .updateTable('outbox')
        .set({
          state: 'unknown',
          ifAbsent: 'retry',
          errorCode: 'sender_died',
          attemptEndedAt: now,
          nextLookAt: now,
          changedAt: now,
        })
        .where('state', '=', 'sending')
        .where('claimedAt', '<', plusMs(now, -graceMs))
        .returning('id')
        .execute()
      return rows.map((row) => row.id)
    },
  )
}
