import { errorCode } from '../../src/lib/errors.ts'
import { step } from '../../src/lib/failpoint.ts'
import { pause, untilDone } from '../../src/lib/until-done.ts'
import type { Listener, ListenerSink } from '../listener.ts'
import { getUpdate, webhookUrl } from './api.ts'
import type { BotAccess } from './call.ts'
import { BotCallError, type BotFailure } from './failure.ts'
import type { BotLog } from './log.ts'
import { isWell, nextPoll, type Polled, untried } from './polling.ts'
import type { BotWaits } from './waits.ts'

interface PollerOptions {
  readonly access: BotAccess
  readonly botId: string
  readonly sink: ListenerSink
  readonly waits: BotWaits
  readonly random: () => number
  readonly log: BotLog
}

/**
 * Asks for updates, one after the other, until it is stopped. What was handed out is forgotten by the platform: each is
 * kept before the next is asked for, however long that takes.
 */
export function pollUpdates({ access, botId, sink, waits, random, log }: PollerOptions): Listener {
  const stopping = new AbortController()
  const { signal } = stopping
  /**
   * The question under way may end by itself for a while after the end was announced: what the platform hands out into a
   * connection that is cut off is lost. So may the keeping of what is in our hands.
   */
  const closing = new AbortController()

  const keep = async (body: Buffer): Promise<void> => {
    const isKept = await untilDone(() => sink.keep({ accountExternalId: botId, body }, 'live'), waits, {
      signal: closing.signal,
      onError: (error) => log.error({ code: errorCode(error) }, 'an update could not be kept and is held'),
    })
    if (!isKept) log.error({ lost: 1 }, 'an update was still held at the end; the platform will not send it again')
  }

  const ask = async (waitMs: number): Promise<Polled> => {
    try {
      const timeoutMs = waitMs + waits.pollGraceMs
      const asked = { seconds: waitMs / 1_000, timeoutMs, signal: closing.signal }
      const failure = await step('zalo-bot-poll', async () => {
        const handed = await getUpdate(access, asked)
        if (handed.bytes !== null) await keep(handed.bytes) // nothing comes between the two
        return handed.failure
      })
      return failure === null ? { is: 'answered' } : await explained(failure)
    } catch (error) {
      if (!(error instanceof BotCallError)) throw error
      return explained(error.failure)
    }
  }

  /** One code for every wrong call: only the platform can say whether this is why. */
  const explained = async (failure: BotFailure): Promise<Polled> =>
    failure.code === 400 && (await isWebhookSet()) ? { is: 'webhook_set' } : { is: 'failed', failure }

  const isWebhookSet = async (): Promise<boolean> => {
    try {
      return (await webhookUrl(access, waits.callTimeoutMs)) !== null
    } catch {
      return false // then the refusal stands as it is
    }
  }

  const run = async (): Promise<void> => {
    let polling = untried
    while (!signal.aborted) {
      const polled = await ask(isWell(polling) ? waits.pollMs : waits.probeMs)
      if (signal.aborted) return
      const next = nextPoll(polling, polled, { waits, random: random() })
      polling = next.polling
      if (polled.is === 'failed') log.warn({ ...polled.failure }, 'updates could not be fetched')
      if (next.tell !== null) {
        const { state, reason } = next.tell
        log.info({ state, reason }, 'the connection to the Zalo bot platform has changed')
        const onError = (error: unknown): void => log.error({ code: errorCode(error) }, 'the sink refuses')
        await untilDone(() => sink.changed(state, reason), waits, { signal, onError })
      }
      if (next.waitMs > 0) await pause(next.waitMs, signal)
    }
  }

  const running = run().catch((error: unknown) =>
    // A bug of ours. The account is silent until the program is started again, and a person must know.
    sink.changed('suspended', errorCode(error)).catch(() => {}),
  )
  return {
    requestBackfill: () => {}, // there is no history to ask for
    heardUntil: () => null, // each update waits at the platform until it is fetched
    stop: async () => {
      stopping.abort()
      const timer = setTimeout(() => closing.abort(), waits.closeMs)
      await running
      clearTimeout(timer)
    },
  }
}
