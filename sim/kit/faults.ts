import { z } from 'zod'

export const Pattern = z.union([z.instanceof(RegExp), z.string().transform((source) => new RegExp(source, 'u'))])

/** What happens to a matching call. `effect` says whether it is really done; the rest says what the caller learns. */
export const How = z.object({
  name: z.string().optional(),
  /** Wait before anything is done. */
  delayMs: z.number().min(0).default(0),
  /** Carry the call out (true) or leave everything as it is (false). */
  effect: z.boolean(),
  /** Wait between doing and answering. */
  answerDelayMs: z.number().min(0).default(0),
  /** honest: the true answer · answer: http/body/headers below · reset: close the socket · hang: never answer */
  ends: z.enum(['honest', 'answer', 'reset', 'hang']),
  http: z.number().int().default(200),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).default({}),
})
export type How = z.output<typeof How>

/** How often a fault strikes, and what it does. */
export const striking = {
  times: z.number().positive().default(1),
  /** Let so many matching calls pass first. */
  skip: z.number().int().min(0).default(0),
  /** Chance that a matching call is hit; a soak uses a seeded random. */
  chance: z.number().min(0).max(1).default(1),
  how: How,
}

type Striking = { times: number; skip: number; chance: number; how: How }

export type Faults<Input, Call> = {
  /** Plans a fault; returns its number. */
  add(fault: Input): number
  remove(id: number): void
  clear(): void
  /** The fault this call meets, used up by one. */
  next(call: Call): How | null
  /** Planned faults and how often each is still to happen. */
  list(): { id: number; name: string; left: number }[]
}

/** Faults in the order planned: the first that matches is used. */
export function planFaults<Input, Fault extends Striking, Call>(
  parse: (fault: Input) => Fault,
  matches: (fault: Fault, call: Call) => boolean,
  random: () => number,
): Faults<Input, Call> {
  const planned = new Map<number, Fault>()
  let lastId = 0
  return {
    add(fault) {
      lastId += 1
      planned.set(lastId, parse(fault))
      return lastId
    },
    remove: (id) => void planned.delete(id),
    clear: () => planned.clear(),
    next(call) {
      for (const [id, fault] of planned) {
        if (!matches(fault, call)) continue
        if (fault.skip > 0) {
          fault.skip -= 1
          continue
        }
        if (fault.chance < 1 && random() >= fault.chance) continue
        fault.times -= 1
        if (fault.times <= 0) planned.delete(id)
        return fault.how
      }
      return null
    },
    list: () => [...planned].map(([id, fault]) => ({ id, name: fault.how.name ?? fault.how.ends, left: fault.times })),
  }
}

/** A RegExp with the g or y flag remembers where it stopped; a fault must not. */
export function freshTest(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(text)
}
