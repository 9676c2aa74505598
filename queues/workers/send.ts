import { wantGroupLook } from '../../src/accounts/group-looks.ts'
import type { Platform } from '../../src/intake/event.ts'
import { nextDue } from '../../src/outbox/claim.ts'
import { claimToSend, type SendContext, type SendReport, sendClaimed, type Turn } from '../../src/outbox/send.ts'
import { tellOfTrouble } from '../../src/replies/give-up.ts'
import type { JobContext } from '../run.ts'
import type { Workshop } from './workshop.ts'

/** What of the workshop it takes to send. */
type SendRoom = Pick<Workshop, 'db' | 'clock' | 'random' | 'able' | 'publisherOf' | 'enqueue'> & {
  readonly pacing: Pick<Workshop['pacing'], 'send' | 'settleMs'>
}

/** Accounts that one process serves at the same time; each of them sends one message at a time. */
const ACCOUNTS_AT_ONCE = 8

/** A row that is due but cannot be taken this instant (somebody holds it) is tried again without spinning. */
const SOONEST_MS = 50
const queueOf = {
  facebook: 'send-facebook',
  zalo: 'send-zalo',
  zalo_bot: 'send-zalo-bot',
  zalo_oa: 'send-zalo-oa',
} as const satisfies Record<Platform, string>

/**
 * While this job runs, nobody else is woken for what has come meanwhile; and a wait that is shorter costs less than
 * another job.
 */
const LOOK_AGAIN_MS = 100

/**
 * Sends whatever is due, fairly over the accounts, then asks to be woken when the next row may go. While one account
 * waits for its platform, the others go on.
 */
export function sendWorker(
  workshop: SendRoom,
  platform: Platform,
): (payload: object, context: JobContext) => Promise<void> {
  const queue = queueOf[platform]
  return async (_payload, { log, signal }) => {
    const running = new Set<Promise<void>>()
    const failures: unknown[] = []
    const isEnding = (): boolean => signal.aborted || failures.length > 0
    const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work()
      } catch (error) {
        failures.push(error)
        return null
      }
    }
    for (let mayBeMore = true; mayBeMore || running.size > 0; ) {
      // One claim after the other: where the first finds nothing, seven more beside it would not either.
      while (mayBeMore && running.size < ACCOUNTS_AT_ONCE) {
        const claim = isEnding() ? null : await attempt(() => claimOne(workshop, platform))
        mayBeMore = claim !== null
        if (claim === null) break
        const turn: Promise<void> = attempt(async () => follow(workshop, await sendOne(workshop, platform, claim), log))
          .then(() => {})
          .finally(() => running.delete(turn))
        running.add(turn)
      }
      const isFull = mayBeMore
      const waitMs = isFull || isEnding() ? null : await attempt(() => dueInMs(workshop, platform))
      if (running.size === 0 && (waitMs === null || waitMs > LOOK_AGAIN_MS)) break
      // Rows may come meanwhile for an account that is free: a platform that keeps one waiting holds up no other.
      await endOrTime(running, isFull ? null : Math.min(waitMs ?? LOOK_AGAIN_MS, LOOK_AGAIN_MS))
      mayBeMore = !isEnding()
    }
    if (failures.length > 0) throw failures[0]
    const delayMs = isEnding() ? null : await dueInMs(workshop, platform)
    if (delayMs !== null) await workshop.enqueue(queue, {}, { lane: 'live', delayMs })
  }
}

/** Until one of them ends or the time, if there is any, is over. */
async function endOrTime(running: ReadonlySet<Promise<void>>, ms: number | null): Promise<void> {
  if (ms === null) return Promise.race(running)
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return Promise.race([...running, over]).finally(() => clearTimeout(timer))
}

async function dueInMs({ db, clock, pacing, able }: SendRoom, platform: Platform): Promise<number | null> {
  const now = clock()
  const due = await nextDue(db, platform, now, pacing.send[platform].perDay, able(platform))
  if (due === null) return null
  return due > now ? due.getTime() - now.getTime() : SOONEST_MS
}

async function claimOne(workshop: SendRoom, platform: Platform): Promise<Turn | null> {
  const { db, clock, pacing } = workshop
  const able = workshop.able(platform)
  return able?.length === 0 ? null : claimToSend({ db, clock, able }, platform, pacing.send[platform])
}

function sendOne(
  { db, clock, random, publisherOf, pacing }: SendRoom,
  platform: Platform,
  turn: Turn,
): Promise<SendReport> {
  const onTrouble: SendContext['onTrouble'] = (tx, id, trouble) => tellOfTrouble(tx, id, trouble, clock())
  return sendClaimed({ db, clock, random, publisherOf, onTrouble }, turn, pacing.send[platform])
}

async function follow(workshop: SendRoom, report: SendReport, log: JobContext['log']): Promise<void> {
  const { id, accountId, caseId, state, errorCode } = report
  const facts = { outboxId: id, accountId, caseId, errorCode }
  if (state === 'sent') log.info(facts, 'message sent')
  else {
    log.warn({ ...facts, state }, 'message not sent')
    await wantGroupLook(workshop.db, id, workshop.clock())
  }
  if (state === 'unknown' || state === 'sent') {
    await workshop.enqueue('reconcile', { outboxId: id }, { lane: 'live', delayMs: workshop.pacing.settleMs })
  }
}
