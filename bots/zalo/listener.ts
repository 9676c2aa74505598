import type { Clock } from '../../src/lib/clock.ts'
import { errorCode } from '../../src/lib/errors.ts'
import { step } from '../../src/lib/failpoint.ts'
import { untilDone } from '../../src/lib/until-done.ts'
import type { Listener, ListenerSink, ListenerState } from '../listener.ts'
import { createBackfill } from './backfill.ts'
import { createHandOver } from './hand-over.ts'
import { createKeptMessages } from './kept-messages.ts'
import type { ZaloLog } from './log.ts'
import { Supervisor, type SupervisorOptions } from './supervisor.ts'
import type { ZaloWaits } from './waits.ts'
import type { ThreadKind } from './zca.ts'

/** Two weeks of every group in one row would be one transaction too long for those who read it. */
const messagesPerDelivery = 200

interface ListenerOptions {
  readonly login: SupervisorOptions['login']
  /** Our own uid once it is known; nothing arrives before. */
  readonly uid: () => string | null
  readonly sink: ListenerSink
  readonly waits: ZaloWaits
  readonly clock: Clock
  readonly random: () => number
  readonly log: ZaloLog
}

/** Listens for one account: writes down whatever the library says, as it says it, and asks for what was missed. */
export function listen(options: ListenerOptions): { listener: Listener; supervisor: Supervisor } {
  const { login, uid, sink, waits, clock, random, log } = options
  const stopped = new AbortController()
  const kept = createKeptMessages(waits.rememberedMessages)
  let isHeard = false

  const handOver = createHandOver({
    keep: (delivery, lane) => sink.keep(delivery, lane),
    waits,
    onError: (error, held) => log.error({ code: errorCode(error), held }, 'a delivery could not be kept and is held'),
    onMissed: () => backfill.request(),
  })
  const keep = async (event: string, data: unknown, lane: 'live' | 'backfill'): Promise<boolean> => {
    const body = Buffer.from(JSON.stringify({ v: 1, event, data, at: clock().getTime() }))
    return handOver.push({ accountExternalId: uid(), body }, lane)
  }
  /** One after the other: the latest state told must be the latest state kept. */
  let telling: Promise<unknown> = Promise.resolve()
  const tellSurely = (what: string, work: () => Promise<void>): void => {
    const onError = (error: unknown): void => log.error({ code: errorCode(error), what }, 'the sink refuses')
    telling = telling.then(() => untilDone(work, waits, { signal: stopped.signal, onError }))
  }

  const backfill = createBackfill({
    ask: (threads) => void askFor(threads),
    caughtUp: (requestedAt) => tellSurely('caught_up', () => sink.caughtUp(requestedAt)),
    unanswered: () => supervisor.linkIsSilent(),
    waits,
    clock,
  })

  const supervisor = new Supervisor({
    login,
    waits,
    clock,
    random,
    log,
    tell: (state: ListenerState, reason) => {
      log.info({ state, reason }, 'the connection to Zalo has changed')
      tellSurely('changed', () => sink.changed(state, reason))
    },
    // What throws in here takes the rest of its frame along, so nothing does more than copy and hand over.
    receive: {
      heard: () => {
        isHeard = true
        const at = clock()
        tellSurely('hears', () => sink.hears({ is: 'begun', at }))
      },
      unheard: (since, code) => {
        if (!isHeard) return // a connection that failed before it was one has ended nothing
        isHeard = false
        tellSurely('hears', () => sink.hears({ is: 'lost', since, reason: `closed_${code}` }))
      },
      opened: () => guarded(() => backfill.connected()),
      closed: () => guarded(() => backfill.disconnected()),
      event: (name, data) =>
        guarded(() => {
          const copy = plain(data)
          void keep(name, copy, 'live').then((isKept) => {
            if (isKept && (name === 'message' || name === 'undo')) kept.add(copy)
          })
        }),
      oldMessages: (thread, messages) =>
        guarded(() => {
          const fresh = messages.flatMap((message) => plainOrNothing(message)).filter((message) => !kept.has(message))
          const keeping = chunks(fresh, messagesPerDelivery).map(async (chunk) => {
            const isKept = await keep('old_messages', chunk, 'backfill')
            if (isKept) for (const message of chunk) kept.add(message)
            return isKept
          })
          backfill.answered(
            thread,
            Promise.all(keeping).then((all) => all.every(Boolean)),
          )
        }),
      failed: (error) =>
        guarded(() => {
          log.warn({ code: errorCode(error) }, 'a frame of Zalo could not be read, or its connection failed')
          // The library gives up the rest of a frame at its first broken element. Old messages bring the rest back.
          backfill.request()
        }),
      unknownCommand: (cmd, became) =>
        guarded(() => {
          log.warn({ cmd, became }, 'a frame with a command the library does not know')
          sink.strangeFrame(cmd, became)
        }),
    },
  })

  const askFor = async (threads: readonly ThreadKind[]): Promise<void> => {
    try {
      await step('zalo-backfill', async () => {
        for (const thread of threads) supervisor.requestOldMessages(thread)
      })
    } catch (error) {
      log.warn({ code: errorCode(error) }, 'old messages could not be asked for')
    }
  }
  const guarded = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      log.error({ code: errorCode(error) }, 'what Zalo sent could not be written down')
    }
  }
  /** A message of a backfill that cannot be copied must not cost its neighbours. */
  const plainOrNothing = (message: unknown): unknown[] => {
    const copies: unknown[] = []
    guarded(() => copies.push(plain(message)))
    return copies
  }

  const stop = async (): Promise<void> => {
    await supervisor.stop()
    const lost = await handOver.close(waits.closeMs)
    if (lost > 0) log.error({ lost }, 'deliveries were still held at the end; Zalo is asked for them at the next start')
    stopped.abort()
    await telling
  }
  const { request: requestBackfill } = backfill
  return { listener: { requestBackfill, heardUntil: () => supervisor.heardUntil(), stop }, supervisor }
}

/** A copy as JSON has it: big numbers become strings, objects get a prototype, nothing is shared with the library. */
function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data))
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
