import { z } from 'zod'

const Pattern = z.union([z.instanceof(RegExp), z.string().transform((source) => new RegExp(source, 'u'))])

/** What happens to a matching call. `effect` says whether Zalo really does it; the rest says what the caller learns. */
export const How = z.object({
  name: z.string().optional(),
  /** Wait before anything is done. */
  delayMs: z.number().min(0).default(0),
  effect: z.boolean(),
  /** Wait between doing and answering. */
  answerDelayMs: z.number().min(0).default(0),
  /** honest: the true answer · answer: http and body below · reset: close the socket · hang: never answer */
  ends: z.enum(['honest', 'answer', 'reset', 'hang']),
  http: z.number().int().default(200),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).default({}),
})
export type How = z.output<typeof How>

export const Fault = z.object({
  match: z
    .object({
      /** Against the path without query, e.g. `/v3.0/oa/message/cs`. */
      path: Pattern.optional(),
      /** Against the text of a message. */
      text: Pattern.optional(),
    })
    .default({}),
  times: z.number().positive().default(1),
  /** Let so many matching calls pass first. */
  skip: z.number().int().min(0).default(0),
  /** Chance that a matching call is hit; a soak uses a seeded random. */
  chance: z.number().min(0).max(1).default(1),
  how: How,
})
export type Fault = z.input<typeof Fault>

export type Faults = {
  /** Plans a fault; returns its number. */
  add(fault: Fault): number
  remove(id: number): void
  clear(): void
  /** The fault this call meets, used up by one. */
  next(call: { path: string; text: string }): How | null
  list(): { id: number; name: string; left: number }[]
}

/** Faults in the order planned: the first that matches is used. */
export function createFaults(random: () => number): Faults {
  const planned = new Map<number, z.output<typeof Fault>>()
  let lastId = 0
  return {
    add(fault) {
      lastId += 1
      planned.set(lastId, Fault.parse(fault))
      return lastId
    },
    remove: (id) => void planned.delete(id),
    clear: () => planned.clear(),
    next(call) {
      for (const [id, fault] of planned) {
        if (!matches(fault.match, call)) continue
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

function matches({ path, text }: z.output<typeof Fault>['match'], call: { path: string; text: string }): boolean {
  return (!path || freshTest(path, call.path)) && (!text || freshTest(text, call.text))
}

// A RegExp with the g or y flag remembers where it stopped; a fault must not.
function freshTest(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(text)
}
