import { z } from 'zod'
import { freshTest, Pattern, type Faults as PlannedFaults, planFaults, striking } from '../kit/faults.ts'

export const Fault = z.object({
  match: z
    .object({
      method: z.enum(['GET', 'POST', 'DELETE']).optional(),
      /** Against the path without version and query, e.g. `/1_2/comments`. */
      path: Pattern.optional(),
      /** Against the message text of a write. */
      text: Pattern.optional(),
      /** Id of the Page whose token comes with the call. */
      pageId: z.string().optional(),
    })
    .default({}),
  ...striking,
})
export type Fault = z.input<typeof Fault>

type Call = {
  method: string
  path: string
  text: string
  /** Null: the token is no Page's. */
  pageId: string | null
}

export type Faults = PlannedFaults<Fault, Call>

/** Faults in the order planned: the first that matches is used. */
export function createFaults(random: () => number): Faults {
  return planFaults(
    (fault: Fault) => Fault.parse(fault),
    ({ match }, call: Call) => matches(match, call),
    random,
  )
}

function matches(match: z.output<typeof Fault>['match'], call: Call): boolean {
  if (match.method && match.method !== call.method) return false
  if (match.pageId && match.pageId !== call.pageId) return false
  if (match.path && !freshTest(match.path, call.path)) return false
  return !match.text || freshTest(match.text, call.text)
}
