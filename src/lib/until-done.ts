import { setTimeout as wait } from 'node:timers/promises'

interface Retrying {
  readonly keepRetryMinMs: number
  readonly keepRetryMaxMs: number
}

/** Repeats `work` with growing pauses until it succeeds or is not wanted any more; resolves with whether it did. */
export async function untilDone(
  work: () => Promise<void>,
  waits: Retrying,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<boolean> {
  for (let ms = waits.keepRetryMinMs; ; ms = Math.min(ms * 2, waits.keepRetryMaxMs)) {
    try {
      await work()
      return true
    } catch (error) {
      onError(error)
    }
    if (!(await pause(ms, signal))) return false
  }
}

/** False when the signal came first. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return wait(ms, true, { signal }).catch(() => false)
}
