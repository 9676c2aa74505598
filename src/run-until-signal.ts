import type { Log } from './lib/log.ts'

/**
 * Runs a program until it is asked to end, and ends it in order. The timer starts before anything is stopped, because a
 * part that hangs may never give the word back; a second signal ends at once.
 */
export async function runUntilSignal<T extends { stop(): Promise<void> }>(
  log: Log,
  graceMs: number,
  start: (onLost: (error: Error) => void) => Promise<T>,
): Promise<T> {
  let stop: () => Promise<void> = async () => {}
  let isStopping = false
  const end = (reason: string, code: number): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    log.info({ reason }, 'stopping')
    setTimeout(() => {
      log.error('stopping took too long')
      process.exit(1)
    }, graceMs).unref()
    void stop().finally(() => {
      log.info('stopped')
      process.exit(code) // libraries may hold timers of minutes
    })
  }
  process.on('SIGTERM', () => end('SIGTERM', 0))
  process.on('SIGINT', () => end('SIGINT', 0))
  const starting = start((error) => {
    log.fatal({ err: error }, 'the store is lost')
    end('store lost', 1)
  })
  // Asked to end before it stands: it is stopped as soon as it does, so that its database does not stay behind alone.
  stop = async () => (await starting.catch(() => null))?.stop()
  return starting
}
