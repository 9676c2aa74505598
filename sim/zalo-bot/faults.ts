import { z } from 'zod'

const Pattern = z.union([z.instanceof(RegExp), z.string().transform((source) => new RegExp(source, 'u'))])

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

const howOften = {
  /** Only for this bot. */
  bot: z.string().optional(),
  /** How many times it strikes; null until it is cleared. */
  times: z.number().int().positive().nullable().default(1),
  /** Chance that it strikes when it could; a soak uses a seeded random. */
  chance: z.number().min(0).max(1).default(1),
}

/** Something to happen to coming calls of the API. */
export const CallFault = z.object({
  ...howOften,
  /** The name of the method, such as sendMessage; none: every call. */
  method: z.string().optional(),
  text: Pattern.optional(),
  how: How,
})
export type CallFault = z.input<typeof CallFault>

/** Something to happen to coming updates on their way to the product. */
export const DeliveryFault = z.object({
  ...howOften,
  text: Pattern.optional(),
  do: z.enum([
    'duplicate', // twice
    'reorder', // held, then sent after the next
    'lose', // never: not documented that it is sent again
    'wrong-secret',
    'no-secret',
    'bare', // the inner object without its envelope
    'broken', // no JSON
  ]),
})
export type DeliveryFault = z.input<typeof DeliveryFault>

export type Faults = {
  failCalls(fault: CallFault): void
  failDeliveries(fault: DeliveryFault): void
  clear(): void
  /** The fault this call meets, used up by one. */
  nextCall(call: { bot: string | null; method: string; text: string }): How | null
  nextDelivery(update: { bot: string; text: string }): z.output<typeof DeliveryFault>['do'] | null
}

type Planned = { bot?: string | undefined; times: number | null; chance: number; text?: RegExp | undefined }

/** Faults in the order planned: the first that matches is used. */
export function createFaults(random: () => number): Faults {
  const calls: z.output<typeof CallFault>[] = []
  const deliveries: z.output<typeof DeliveryFault>[] = []

  const strike = <T extends Planned>(
    planned: T[],
    about: { bot: string | null; text: string },
    fits: (t: T) => boolean,
  ) => {
    for (const fault of planned) {
      if (fault.bot !== undefined && fault.bot !== about.bot) continue
      if (fault.text !== undefined && !freshTest(fault.text, about.text)) continue
      if (!fits(fault) || (fault.chance < 1 && random() >= fault.chance)) continue
      if (fault.times !== null) fault.times -= 1
      if (fault.times === 0) planned.splice(planned.indexOf(fault), 1)
      return fault
    }
    return null
  }
  return {
    failCalls: (fault) => void calls.push(CallFault.parse(fault)),
    failDeliveries: (fault) => void deliveries.push(DeliveryFault.parse(fault)),
    clear: () => {
      calls.length = 0
      deliveries.length = 0
    },
    nextCall: (call) =>
      strike(calls, call, ({ method }) => method === undefined || method === call.method)?.how ?? null,
    nextDelivery: (update) => strike(deliveries, update, () => true)?.do ?? null,
  }
}

// A RegExp with the g or y flag remembers where it stopped; a fault must not.
function freshTest(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(text)
}
