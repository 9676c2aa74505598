type Stop = () => Promise<void> | void

/** What was started, stopped in reverse order; one that fails does not keep the others from stopping. */
export class Lifecycle {
  readonly #stops: { name: string; stop: Stop }[] = []

  /** Remembers how to stop what was just started. */
  add(name: string, stop: Stop): void {
    this.#stops.push({ name, stop })
  }

  async stop(onError: (name: string, error: unknown) => void): Promise<void> {
    for (let last = this.#stops.pop(); last !== undefined; last = this.#stops.pop()) {
      try {
        await last.stop()
      } catch (error) {
        onError(last.name, error)
      }
    }
  }
}
