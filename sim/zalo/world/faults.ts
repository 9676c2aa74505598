import * as z from 'zod'

const howOften = {
  /** Only for this account. */
  account: z.string().optional(),
  /** How many times it strikes; null until it is cleared. */
  times: z.number().int().positive().nullable().default(1),
  /** Strikes with this probability each time it could. */
  chance: z.number().min(0).max(1).default(1),
}

/** Something to happen to a coming HTTP call. */
export const CallFault = z.object({
  ...howOften,
  /** A path such as /api/group/quote, `send` for whatever posts text, `*` for every call. */
  call: z.string().default('*'),
  textIncludes: z.string().optional(),
  delayMs: z.number().nonnegative().default(0),
  do: z.enum(['delay', 'code', 'http', 'hang', 'reset', 'posted-hang', 'posted-reset', 'posted-500']),
  code: z.number().int().default(114),
  message: z.string().optional(),
  status: z.number().int().default(500),
})
export type CallFault = z.infer<typeof CallFault>

/** Something to happen to a coming message on its way to an account's socket. */
export const DeliveryFault = z.object({
  ...howOften,
  of: z.enum(['people', 'echo', 'any']).default('people'),
  threads: z.enum(['group', 'direct', 'any']).default('any'),
  do: z.enum([
    'duplicate', // the same frame twice
    'pair', // held, then in one frame with the next
    'reorder', // held, then sent after the next
    'lose', // not on the socket, still in the history
    'vanish', // neither on the socket nor in the history: a planted loss
    'cmd551', // on a command the library does not know
    'malformed', // a body that is not JSON, instead of the message
    'broken-element', // in one frame behind an element the library cannot read
    'delay',
  ]),
  delayMs: z.number().nonnegative().default(0),
})
export type DeliveryFault = z.infer<typeof DeliveryFault>

export interface Faults {
  calls: CallFault[]
  deliveries: DeliveryFault[]
  random(): number
}

export function newFaults(seed: number): Faults {
  return { calls: [], deliveries: [], random: mulberry32(seed) }
}

/** Takes the first rule that fits and counts it down. */
export function strike<T extends CallFault | DeliveryFault>(
  rules: T[],
  random: () => number,
  fits: (rule: T) => boolean,
): T | null {
  for (const rule of rules) {
    if (!fits(rule) || (rule.chance < 1 && random() >= rule.chance)) continue
    if (rule.times !== null) {
      rule.times -= 1
      if (rule.times < 1) rules.splice(rules.indexOf(rule), 1)
    }
    return rule
  }
  return null
}

// A seeded generator, so that a fault run can be repeated.
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
