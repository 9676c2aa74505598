import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import { count } from './counters.ts'

/** Gathers counts of what is not kept, so that a storm of noise costs one statement a second and not one each. */
export class CounterBuffer {
  readonly #db: Db
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #onError: (error: unknown) => void
  #counts = new Map<string, Map<string, number>>()
  #timer: NodeJS.Timeout | null = null

  constructor(db: Db, clock: Clock, everyMs: number, onError: (error: unknown) => void) {
    this.#db = db
    this.#clock = clock
    this.#everyMs = everyMs
    this.#onError = onError
  }

  add(name: string, reason: string, amount = 1): void {
    const reasons = this.#counts.get(name) ?? new Map<string, number>()
    reasons.set(reason, (reasons.get(reason) ?? 0) + amount)
    this.#counts.set(name, reasons)
    this.#timer ??= setTimeout(() => void this.flush(), this.#everyMs).unref()
  }

  /** Writes what was gathered; what cannot be written is gathered again. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const counts = this.#counts
    this.#counts = new Map()
    for (const [name, reasons] of counts) {
      try {
        await count(this.#db, name, reasons, this.#clock())
      } catch (error) {
        this.#onError(error)
        for (const [reason, amount] of reasons) this.add(name, reason, amount)
      }
    }
  }
}
