/** The time as a parameter: nothing else in the house asks the machine what time it is. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** `at` moved by `ms` milliseconds. */
export function plusMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}
