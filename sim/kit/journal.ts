export type Numbered = { seq: number; at: number }

export type Journal<Entry> = {
  readonly entries: readonly (Numbered & Entry)[]
  write(entry: Entry): void
  /** Calls back after each entry; returns how to stop. */
  follow(listener: (entry: Numbered & Entry) => void): () => void
}

/** An append-only record; losses and doubles can be computed from it alone. */
export function createJournal<Entry>(now: () => number): Journal<Entry> {
  const entries: (Numbered & Entry)[] = []
  const listeners = new Set<(entry: Numbered & Entry) => void>()
  return {
    entries,
    write(entry) {
      const numbered: Numbered & Entry = Object.freeze({ seq: entries.length + 1, at: now(), ...entry })
      entries.push(numbered)
      for (const listener of listeners) listener(numbered)
    },
    follow(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
