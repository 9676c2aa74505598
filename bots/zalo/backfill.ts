import type { Clock } from '../../src/lib/clock.ts'
import type { ZaloWaits } from './waits.ts'
import type { ThreadKind } from './zca.ts'

/** Asks for old messages of both kinds of threads and says when everything before the question is kept. */
export interface Backfill {
  /** A connection is up: whatever was asked on an earlier one will not be answered any more. */
  connected(): void
  disconnected(): void
  /** Asks again, after the present question if there is one. Without effect while not connected. */
  request(): void
  /** An answer came; `kept` tells whether all of it became durable. */
  answered(thread: ThreadKind, kept: Promise<boolean>): void
}

interface BackfillOptions {
  readonly ask: (threads: readonly ThreadKind[]) => void
  readonly caughtUp: (requestedAt: Date) => void
  /** Several questions in a row had no answer: the link is not what it seems. */
  readonly unanswered: () => void
  readonly waits: Pick<ZaloWaits, 'backfillAnswerMs' | 'backfillTries' | 'backfillEveryMs'>
  readonly clock: Clock
}

interface Round {
  readonly requestedAt: Date
  /** Answers still to come before a kind of thread counts as answered. */
  readonly missing: Record<ThreadKind, number>
  readonly keeping: Promise<boolean>[]
  tries: number
}

const kinds: readonly ThreadKind[] = ['user', 'group']

/**
 * Answers carry nothing that ties them to a question. So that the late answer to an earlier question is never taken for
 * the answer to a later one, a round waits for one answer more than were outstanding when it began.
 */
export function createBackfill({ ask, caughtUp, unanswered, waits, clock }: BackfillOptions): Backfill {
  let outstanding: Record<ThreadKind, number> = { user: 0, group: 0 }
  let round: Round | null = null
  let isConnected = false
  let isWantedAgain = false
  let roundsInVain = 0
  let patience: NodeJS.Timeout | undefined
  let next: NodeJS.Timeout | undefined

  const askFor = (threads: readonly ThreadKind[]): void => {
    for (const thread of threads) outstanding[thread] += 1
    ask(threads)
    clearTimeout(patience)
    patience = setTimeout(lostPatience, waits.backfillAnswerMs)
  }

  const begin = (): void => {
    isWantedAgain = false
    clearTimeout(next)
    const missing = { user: outstanding.user + 1, group: outstanding.group + 1 }
    round = { requestedAt: clock(), missing, keeping: [], tries: 1 }
    askFor(kinds)
  }

  const lostPatience = (): void => {
    if (round === null) return
    if (round.tries >= waits.backfillTries) {
      stop()
      roundsInVain += 1
      // Once more on a new connection; then it is the answers that cannot be read, and live messages matter more.
      if (roundsInVain < 2) unanswered()
      else next = setTimeout(begin, waits.backfillEveryMs)
      return
    }
    round.tries += 1
    const { missing } = round
    askFor(kinds.filter((thread) => missing[thread] > 0))
  }

  const finish = async ({ requestedAt, keeping }: Round): Promise<void> => {
    const isAllKept = (await Promise.all(keeping)).every(Boolean)
    if (isAllKept) caughtUp(requestedAt)
    if (!isConnected || round !== null) return
    if (isWantedAgain) return begin()
    clearTimeout(next)
    next = setTimeout(begin, waits.backfillEveryMs)
  }

  const stop = (): void => {
    round = null
    clearTimeout(patience)
    clearTimeout(next)
  }

  return {
    connected: () => {
      stop()
      isConnected = true
      outstanding = { user: 0, group: 0 }
      begin()
    },
    disconnected: () => {
      isConnected = false
      isWantedAgain = false
      stop()
    },
    request: () => {
      if (!isConnected) return
      if (round === null) begin()
      else isWantedAgain = true
    },
    answered: (thread, kept) => {
      outstanding[thread] = Math.max(0, outstanding[thread] - 1)
      if (round === null) return
      round.keeping.push(kept)
      round.missing[thread] -= 1
      if (kinds.some((kind) => (round?.missing[kind] ?? 0) > 0)) return
      const finished = round
      roundsInVain = 0
      stop()
      void finish(finished)
    },
  }
}
