import { z } from 'zod'
import { freshTest, Pattern, type Faults as PlannedFaults, planFaults, striking } from '../kit/faults.ts'

export const Fault = z.object({
  match: z
    .object({
      /** Against the path without query, e.g. `/v3.0/oa/message/cs`. */
      path: Pattern.optional(),
      /** Against the text of a message. */
      text: Pattern.optional(),
    })
    .default({}),
  ...striking,
})
export type Fault = z.input<typeof Fault>

export type Faults = PlannedFaults<Fault, { path: string; text: string }>

/** Faults in the order planned: the first that matches is used. */
export function createFaults(random: () => number): Faults {
  return planFaults(
    (fault: Fault) => Fault.parse(fault),
    ({ match }, call: { path: string; text: string }) => matches(match, call),
    random,
  )
}

function matches({ path, text }: z.output<typeof Fault>['match'], call: { path: string; text: string }): boolean {
  return (!path || freshTest(path, call.path)) && (!text || freshTest(text, call.text))
}
