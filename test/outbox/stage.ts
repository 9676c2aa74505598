import type { Db, Tx } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { OutboxId } from '../../src/lib/ids.ts'
import { type Claim, claimNext } from '../../src/outbox/claim.ts'
import { type Result, settle, type Verdict } from '../../src/outbox/settle.ts'
import { now } from '../support/builders.ts'

export const pacing = {
  gapMs: 10_000,
  jitterMs: 3_000,
  perDay: 1_000,
  leaseMs: 60_000,
  retryMs: 5_000,
  settleMs: 10_000,
  maxAttempts: 8,
}

export const later = (ms: number): Date => plusMs(now, ms)

/** Claims what has to be there. */
export async function mustClaim(db: Db, at = now): Promise<Claim> {
  const claim = await claimNext(db, 'facebook', at, pacing)
  if (claim === null) throw new Error('nothing was due')
  return claim
}

export function readRow(db: Db, id: OutboxId) {
  return db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** Remembers who would have been told. */
export function rememberTrouble(): {
  told: string[]
  onTrouble: (tx: Tx, id: OutboxId, trouble: 'needs_person' | 'rejected') => Promise<void>
} {
  const told: string[] = []
  return {
    told,
    onTrouble: async (_tx, _id, trouble) => {
      told.push(trouble)
    },
  }
}

/** Settles what was claimed; by default it was sent a moment later and nobody has to know. */
export function settled(
  db: Db,
  claim: Claim,
  given: Partial<Verdict & Omit<Result, 'verdict'>> & {
    at?: Date
    onTrouble?: Parameters<typeof settle>[5]
  } = {},
): Promise<boolean> {
  const { messageId = null, wasReached = true, at = now, onTrouble = async () => {}, ...verdict } = given
  const sent: Verdict = { state: 'sent', ifAbsent: null, errorCode: null, advice: { do: 'go_on' } }
  return settle(db, claim, { messageId, wasReached, verdict: { ...sent, ...verdict } }, at, pacing, onTrouble)
}
