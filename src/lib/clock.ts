/** The time as a parameter: nothing else in the house asks the machine what time it is. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

const VIETNAM_AHEAD_MS = 7 * 3_600_000

/** The calendar day in Viet Nam, e.g. "2026-03-02", wherever this process and its database believe to be. */
export function vietnamDay(at: Date): string {
  return plusMs(at, VIETNAM_AHEAD_MS).toISOString().slice(0, 10)
}

/** The moment as it is written in Viet Nam, e.g. "2026-03-02T09:00:00+07:00". */
export function vietnamMoment(at: Date): string {
  return `${plusMs(at, VIETNAM_AHEAD_MS).toISOString().slice(0, 19)}+07:00`
}

/** The hour of the day in Viet Nam, 0 to 23. */
export function vietnamHour(at: Date): number {
  return plusMs(at, VIETNAM_AHEAD_MS).getUTCHours()
}

/** `at` moved by `ms` milliseconds. */
export function plusMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}
