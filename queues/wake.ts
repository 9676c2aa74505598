import type { WakeName } from './definitions.ts'

/**
 * Wakes a queue whose rows are already committed. Need not be awaited: a failure is reported and sweep finds the rows.
 * Whoever awaits it gets that failure.
 */
export type Wake = (name: WakeName) => Promise<void>

interface Turn {
  next: PromiseWithResolvers<void> | null
}

/**
 * Thousands of calls a second cost one job each time the queue answers: at most one add is under way per queue, and
 * one more follows for the calls that came meanwhile (the one under way may be too early for their rows).
 */
export function createWake(
  add: (name: WakeName) => Promise<void>,
  onError: (name: WakeName, error: unknown) => void,
): { wake: Wake; settled: () => Promise<void> } {
  const turns = new Map<WakeName, Turn>()
  const underway = new Set<Promise<void>>()

  const start = (name: WakeName): Promise<void> => {
    const turn: Turn = { next: null }
    turns.set(name, turn)
    const running = add(name).finally(() => {
      underway.delete(running)
      if (turn.next === null) turns.delete(name)
      else start(name).then(turn.next.resolve, turn.next.reject)
    })
    underway.add(running)
    running.catch((error) => onError(name, error))
    return running
  }

  const wake: Wake = (name) => {
    const turn = turns.get(name)
    if (turn === undefined) return start(name)
    if (turn.next === null) {
      turn.next = Promise.withResolvers()
      turn.next.promise.catch(() => {}) // reported by start()
    }
    return turn.next.promise
  }

  const settled = async (): Promise<void> => {
    while (underway.size > 0) await Promise.allSettled(underway)
  }

  return { wake, settled }
}
