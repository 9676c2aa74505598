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
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const done = (isOver: boolean): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      resolve(isOver)
    }
    const aborted = (): void => done(false)
    const timer = setTimeout(() => done(true), ms)
    signal.addEventListener('abort', aborted)
  })
}
