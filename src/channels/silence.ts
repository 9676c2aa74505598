import { vietnamHour } from '../lib/clock.ts'

export type Silence = { readonly is: 'usual' } | { readonly is: 'silent'; readonly since: Date }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** How far back the usual rhythm is read. */
export const rhythmMs = 28 * dayMs
/** With less than this nobody can say what is usual. */
const leastHours = 10
const leastDays = 7
/** One gap in a thousand like this would be chance (e⁻⁷), for an account that is heard independently hour by hour. */
const leastStrangeness = 7
/** Writing comes in bursts, holidays happen: what the account has shown before is not strange. */
const overUsual = 1.5

const usual: Silence = { is: 'usual' }

/**
 * Pure. Is it unusual that an account has not been heard since `lastHeardAt`? Each hour of the gap counts by how rarely
 * that hour of the day passes unheard: a night counts nothing, and a quiet account next to nothing. `heardHours` are
 * the beginnings of the hours in which it was heard.
 */
export function silence(now: Date, lastHeardAt: Date | null, heardHours: readonly Date[]): Silence {
  if (lastHeardAt === null || now <= lastHeardAt) return usual
  // Only what lies before the gap: otherwise a long silence would become usual by lasting.
  const heard = heardBefore(lastHeardAt, heardHours)
  const [first] = heard
  if (first === undefined || heard.length < leastHours) return usual
  const days = Math.ceil((lastHeardAt.getTime() - first) / dayMs)
  if (days < leastDays) return usual

  const strangenessOf = hourlyStrangeness(heard, days)
  const limit = Math.max(leastStrangeness, overUsual * secondLongest(heard, strangenessOf))
  const gap = strangeness(lastHeardAt.getTime(), now.getTime(), strangenessOf)
  return gap > limit ? { is: 'silent', since: lastHeardAt } : usual
}

function heardBefore(lastHeardAt: Date, hours: readonly Date[]): number[] {
  const until = lastHeardAt.getTime()
  const starts = hours.map((hour) => Math.floor(hour.getTime() / hourMs) * hourMs)
  return [...new Set(starts)].filter((at) => at <= until && at > until - rhythmMs).sort((a, b) => a - b)
}

/** By hour of the day in Viet Nam: how strange it is that it passes unheard, 0 where that is the rule. */
function hourlyStrangeness(heard: readonly number[], days: number): readonly number[] {
  const counts = Array.from({ length: 24 }, () => 0)
  for (const at of heard) {
    const hour = vietnamHour(new Date(at))
    counts[hour] = (counts[hour] ?? 0) + 1
  }
  // One day more than there were: even what never failed so far may fail.
  return counts.map((count) => -Math.log(1 - Math.min(count, days) / (days + 1)))
}

/** The sum over the hours between, the first and the last as far as they lie between. */
function strangeness(from: number, to: number, of: readonly number[]): number {
  let sum = 0
  for (let at = Math.floor(from / hourMs) * hourMs; at < to; at += hourMs) {
    const share = (Math.min(at + hourMs, to) - Math.max(at, from)) / hourMs
    sum += share * (of[vietnamHour(new Date(at))] ?? 0)
  }
  return sum
}

/** The second, because one outage within four weeks must not make the next one usual. */
function secondLongest(heard: readonly number[], of: readonly number[]): number {
  const gaps = heard.slice(1).map((at, index) => strangeness((heard[index] ?? at) + hourMs, at, of))
  return gaps.sort((a, b) => b - a)[1] ?? 0
}
