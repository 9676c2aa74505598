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

/** Sends whatever is due, fairly over the accounts, then asks to be woken when the next row may go. */
export function sendWorker(
  workshop: Workshop,
  platform: Platform,
): (payload: object, context: JobContext) => Promise<void> {
  const queue = platform === 'facebook' ? 'send-facebook' : 'send-zalo'
  return async (_payload, { log, signal }) => {
    const running = new Set<Promise<void>>()
    let isDrained = false
    const serve = async (): Promise<void> => {
      const report = signal.aborted ? null : await sendOne(workshop, platform)
      if (report === null) isDrained = true
      else await follow(workshop, report, log)
    }
    while (!isDrained || running.size > 0) {
      while (!isDrained && running.size < ACCOUNTS_AT_ONCE) {
        const turn: Promise<void> = serve().finally(() => running.delete(turn))
        running.add(turn)
      }
      await Promise.race(running)
    }
    const now = workshop.clock()
    const due = await nextDue(workshop.db, platform, now, workshop.pacing.send[platform].perDay)
    if (due === null) return
    const delayMs = Math.max(SOONEST_MS, due.getTime() - now.getTime())
    await workshop.enqueue(queue, {}, { lane: 'live', delayMs })
  }
}

function sendOne({ db, clock, random, publisherOf, pacing }: Workshop, platform: Platform): Promise<SendReport | null> {
  const onTrouble: Parameters<typeof sendNext>[0]['onTrouble'] = (tx, id, trouble) =>
    tellOfTrouble(tx, id, trouble, clock())
  return sendNext({ db, clock, random, publisherOf, onTrouble }, platform, pacing.send[platform])
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
