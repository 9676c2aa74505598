import type { Db, Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId, CaseId, OutboxId } from '../lib/ids.ts'
import { backToPending, isSuperseded } from './back-to-pending.ts'
import { OutboundMessage } from './outbound.ts'
import type { FoundOwn } from './publisher.ts'
import { doneAlready } from './settle.ts'

/** A row whose effect has to be looked for. */
export interface Unsettled {
  readonly message: OutboundMessage
  readonly state: 'unknown' | 'sent'
  readonly ifAbsent: 'retry' | 'reject' | null
  readonly looks: number
  /** How often it was claimed: another attempt makes whatever was seen before out of date. */
  readonly attempts: number
  readonly attemptEndedAt: Date
  /** Before then nobody should look. */
  readonly nextLookAt: Date | null
  /** The platform said that it was done before. */
  readonly wasDone: boolean
  /** Something else was decided later about what it acts upon. */
  readonly isSuperseded: boolean
  /** A sign without words: not worth a second try, and nobody is bothered with it. */
  readonly isTrifle: boolean
  /** Read by officers alone. */
  readonly isForOfficers: boolean
}

export type NextStep =
  | { readonly next: 'confirm'; readonly messageId: string | null; readonly recipientId?: string }
  | { readonly next: 'retry' }
  | { readonly next: 'reject' }
  | { readonly next: 'look_again' }
  /** Nobody could look: it costs no look. */
  | { readonly next: 'wait' }
  | { readonly next: 'ask_person' }
  /** Sent, by the platform's word, and nothing more can be learnt. */
  | { readonly next: 'leave' }

/**
 * Pure. Found is confirmed; proved absent is tried again or given up, as was decided when it became unknown; what cannot
 * be known after `maxLooks` is for a person: a missing answer can be repaired, a double one is public. So is what was
 * tried for too long. Only what officers read goes out again: nobody else is told of a card that never came.
 */
export function nextStep(
  row: Pick<Unsettled, 'state' | 'ifAbsent' | 'looks'> &
    Partial<Pick<Unsettled, 'wasDone' | 'isSuperseded' | 'isTrifle' | 'isForOfficers'>>,
  found: FoundOwn,
  maxLooks: number,
  triedTooLong = false,
): NextStep {
  if (found.found === 'present') {
    const { messageId, recipientId } = found
    return { next: 'confirm', messageId, ...(recipientId === undefined ? {} : { recipientId }) }
  }
  if (found.found === 'not_now') return { next: 'wait' }
  if (row.isTrifle === true) return { next: row.state === 'sent' ? 'leave' : 'ask_person' }
  if (row.state === 'sent' && row.wasDone === true) return { next: 'confirm', messageId: null }
  // It was there until the later decision was carried out.
  if (row.state === 'sent' && row.isSuperseded === true) return { next: 'leave' }
  const isLastLook = row.looks + 1 >= maxLooks
  // The platform said it was there: a reader that does not show it yet, or somebody removed it. Never a reason to post again.
  if (row.state === 'sent' && isLastLook) return { next: found.found === 'absent' ? 'ask_person' : 'leave' }
  if (row.state === 'sent') return { next: 'look_again' }
  if (found.found === 'unknowable') {
    if (!isLastLook) return { next: 'look_again' }
    return { next: row.isForOfficers === true && !triedTooLong ? 'retry' : 'ask_person' }
  }
  if (row.ifAbsent === 'reject') return { next: 'reject' }
  return { next: triedTooLong ? 'ask_person' : 'retry' }
}

export async function findUnsettled(db: Db, id: OutboxId): Promise<Unsettled | null> {
  const row = await db
    .selectFrom('outbox')
    .select([
      'id',
      'accountId',
      'caseId',
      'kind',
      'audience',
      'address',
      'text',
      'fileId',
      'targetId',
      'link',
      'firstClaimedAt',
      'state',
      'ifAbsent',
      'looks',
      'attempts',
      'attemptEndedAt',
      'nextLookAt',
      'errorCode',
    ])
    .select(isSuperseded().as('isSuperseded'))
    .where('id', '=', id)
    .where('state', 'in', ['unknown', 'sent'])
    .executeTakeFirst()
  if (row === undefined || row.attemptEndedAt === null) return null
  return {
    attempts: row.attempts,
    attemptEndedAt: row.attemptEndedAt,
    message: OutboundMessage.parse({ ...row, claimedAt: row.firstClaimedAt }),
    state: row.state === 'sent' ? 'sent' : 'unknown',
    ifAbsent: row.ifAbsent === 'reject' ? 'reject' : row.ifAbsent === 'retry' ? 'retry' : null,
    looks: row.looks,
    nextLookAt: row.nextLookAt,
    wasDone: row.errorCode === doneAlready,
    isSuperseded: row.isSuperseded,
    isTrifle: row.kind === 'reaction',
    isForOfficers: row.audience === 'officer',
  }
}

/** The first retry goes at once; what is absent again and again is tried more and more rarely. */
function pauseBefore(attempts: number, lookAgainMs: number): number {
  return attempts < 2 ? 0 : lookAgainMs * 2 ** Math.min(attempts - 2, 5)
}

/** Rows that it is time to look for. */
export async function dueForLook(db: Db, now: Date, limit: number): Promise<OutboxId[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('state', 'in', ['unknown', 'sent'])
    .where('nextLookAt', '<=', now)
    .orderBy('nextLookAt')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Writes the step down, unless the row has moved meanwhile. `confirm` is written by confirmRow. */
export async function settleLook(
  tx: Tx,
  row: Unsettled,
  step: Exclude<NextStep, { next: 'confirm' }>,
  now: Date,
  lookAgainMs: number,
): Promise<{ caseId: CaseId | null; accountId: AccountId } | null> {
  const change = {
    retry: {
      state: backToPending(),
      dueAt: plusMs(now, pauseBefore(row.attempts, lookAgainMs)),
      nextLookAt: null,
      ifAbsent: null,
    },
    reject: { state: 'rejected', nextLookAt: null },
    ask_person: { state: 'needs_person', nextLookAt: null },
    leave: { nextLookAt: null },
    look_again: { nextLookAt: plusMs(now, lookAgainMs) },
    wait: { nextLookAt: plusMs(now, lookAgainMs) },
  }[step.next]
  const settled = await tx
    .updateTable('outbox')
    .set((set) => ({ ...change, looks: set('looks', '+', step.next === 'wait' ? 0 : 1), changedAt: now }))
    .where('id', '=', row.message.id)
    .where('state', '=', row.state)
    .where('attempts', '=', row.attempts)
    .returning(['caseId', 'accountId'])
    .executeTakeFirst()
  return settled ?? null
}

/**
 * For platforms that cannot be asked: absence is proved when everything the account wrote until after the attempt was
 * over is in our store, all of it has been looked at, and our text was not among it. While some of it waits to be looked
 * at, nobody can have looked: a long absence comes back as a long queue.
 */
export async function absentByEchoes(db: Db, row: Unsettled, settleMs: number, now: Date): Promise<FoundOwn> {
  const account = await db
    .selectFrom('accounts')
    .select(['id', 'externalId', 'caughtUpAt'])
    .select((account) =>
      account.and([account('state', '=', 'connected'), account('listenerUntil', '>', now)]).as('isListening'),
    )
    .where('id', '=', row.message.accountId)
    .executeTakeFirstOrThrow()
  const isCaughtUp = account.caughtUpAt !== null && account.caughtUpAt >= plusMs(row.attemptEndedAt, settleMs)
  if (!isCaughtUp) return { found: account.isListening ? 'unknowable' : 'not_now' }
  const ofAccount = db
    .selectFrom('deliveries')
    .select('id')
    .where('accountExternalId', '=', account.externalId)
    .limit(1)
  // One that could not be read may hold the very echo.
  const unreadable = await ofAccount
    .where('state', '=', 'failed')
    .where('receivedAt', '>=', row.message.claimedAt)
    .executeTakeFirst()
  if (unreadable !== undefined) return { found: 'unknowable' }
  const waiting = await ofAccount.where('state', '=', 'received').executeTakeFirst()
  const unread = await db
    .selectFrom('events')
    .select('id')
    .where('accountId', '=', account.id)
    .where('kind', '=', 'echo')
    .where('closedAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return waiting === undefined && unread === undefined ? { found: 'absent' } : { found: 'not_now' }
}
