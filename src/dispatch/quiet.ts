import { plusMs } from '../lib/clock.ts'

const minute = 60_000
const VIETNAM_AHEAD_MS = 7 * 60 * minute
const DAY_MS = 24 * 60 * minute

/** From 21:30 to 6:00 in Viet Nam nobody is disturbed by what can wait. */
const quietFromMs = (21 * 60 + 30) * minute
const quietToMs = 6 * 60 * minute

/** Pure. */
export function isQuiet(at: Date): boolean {
  const time = timeOfDay(at)
  return time >= quietFromMs || time < quietToMs
}

/** Pure. The end of the quiet hours that `at` lies in; `at` itself where it lies in none. */
export function afterQuiet(at: Date): Date {
  if (!isQuiet(at)) return at
  const time = timeOfDay(at)
  return plusMs(at, time < quietToMs ? quietToMs - time : DAY_MS - time + quietToMs)
}

/** Pure. When the quiet hours that `at` lies in began; `at` itself where it lies in none. */
export function beforeQuiet(at: Date): Date {
  if (!isQuiet(at)) return at
  const time = timeOfDay(at)
  return plusMs(at, time >= quietFromMs ? quietFromMs - time : quietFromMs - time - DAY_MS)
}

function timeOfDay(at: Date): number {
  return (at.getTime() + VIETNAM_AHEAD_MS) % DAY_MS
}
