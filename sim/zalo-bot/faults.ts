import { z } from 'zod'
import { freshTest, How, Pattern } from '../kit/faults.ts'

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
