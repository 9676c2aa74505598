import type { Platform } from '../../src/intake/event.ts'
import { nextDue } from '../../src/outbox/claim.ts'
import { type SendReport, sendNext } from '../../src/outbox/send.ts'
import { tellOfTrouble } from '../../src/replies/give-up.ts'
import type { JobContext } from '../run.ts'
import type { Workshop } from './workshop.ts'

/** Accounts that one process serves at the same time; each of them sends one message at a time. */
const ACCOUNTS_AT_ONCE = 8

/** A row that is due but cannot be taken this instant (somebody holds it) is tried again without spinning. */
const SOONEST_MS = 50
/** A timer holds no longer. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Sends whatever is due, fairly over the accounts, then asks to be woken when the next row may go. While one account
 * waits for its platform, the others go on.
 */
export function sendWorker(
  workshop: Workshop,
  platform: Platform,
): (payload: object, context: JobContext) => Promise<void> {
  const queue = platform === 'facebook' ? 'send-facebook' : 'send-zalo'
  return async (_payload, { log, signal }) => {
    const running = new Set<Promise<void>>()
    const failures: unknown[] = []
    let mayBeMore = true
    const isEnding = (): boolean => signal.aborted || failures.length > 0
    const serve = async (): Promise<void> => {
      try {
        const report = isEnding() ? null : await sendOne(workshop, platform)
        if (report === null) mayBeMore = false
        else await follow(workshop, report, log)
      } catch (error) {
        failures.push(error)
        mayBeMore = false
      }
    }
    while (mayBeMore || running.size > 0) {
      while (mayBeMore && running.size < ACCOUNTS_AT_ONCE) {
        const turn: Promise<void> = serve().finally(() => running.delete(turn))
        running.add(turn)
      }
      const delayMs: number | null = mayBeMore || isEnding() ? null : await dueInMs(workshop, platform)
      if (running.size > 0) mayBeMore = (await becomesDue(running, delayMs)) || mayBeMore
    }
    if (failures.length > 0) throw failures[0]
    const delayMs = isEnding() ? null : await dueInMs(workshop, platform)
    if (delayMs !== null) await workshop.enqueue(queue, {}, { lane: 'live', delayMs })
  }
}

/** True when the time comes before one of the sends under way ends; `running` must not be empty. */
async function becomesDue(running: ReadonlySet<Promise<void>>, delayMs: number | null): Promise<boolean> {
  const ended = Promise.race(running).then(() => false)
  if (delayMs === null) return ended
  const { promise: due, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(true), Math.min(delayMs, LONGEST_MS))
  return Promise.race([ended, due]).finally(() => clearTimeout(timer))
}

async function dueInMs({ db, clock, pacing, able }: Workshop, platform: Platform): Promise<number | null> {
  const now = clock()
  const due = await nextDue(db, platform, now, pacing.send[platform].perDay, able(platform))
  return due === null ? null : Math.max(SOONEST_MS, due.getTime() - now.getTime())
}

function sendOne(workshop: Workshop, platform: Platform): Promise<SendReport | null> {
  const { db, clock, random, publisherOf, pacing } = workshop
  const able = workshop.able(platform)
  if (able?.length === 0) return Promise.resolve(null)
  const onTrouble: Parameters<typeof sendNext>[0]['onTrouble'] = (tx, id, trouble) =>
    tellOfTrouble(tx, id, trouble, clock())
  return sendNext({ db, clock, random, able, publisherOf, onTrouble }, platform, pacing.send[platform])
}

async function follow(workshop: Workshop, report: SendReport, log: JobContext['log']): Promise<void> {
  const { id, accountId, caseId, state, errorCode } = report
  const facts = { outboxId: id, accountId, caseId, errorCode }
  if (state === 'sent') log.info(facts, 'message sent')
  else log.warn({ ...facts, state }, 'message not sent')
  if (state === 'unknown' || state === 'sent') {
    await workshop.enqueue('reconcile', { outboxId: id }, { lane: 'live', delayMs: workshop.pacing.settleMs })
  }
}
