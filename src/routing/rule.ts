import { z } from 'zod'
import { Platform } from '../intake/event.ts'
import { RuleId } from '../lib/ids.ts'
import { Kind } from '../understanding/label.ts'
import { CaseDuty, UnitCode } from '../units/unit.ts'

/** All that are given must hold; one that is left out holds always. */
export const RuleConditions = z.strictObject({
  platforms: z.array(Platform).optional(),
  places: z.array(z.enum(['post', 'group', 'direct'])).optional(),
  /** The case's unit is one of these, or lies below one of them. */
  units: z.array(UnitCode).optional(),
  kinds: z.array(Kind).optional(),
  urgent: z.boolean().optional(),
  /** At least one of these words or phrases stands in the text, whatever its diacritics and case. */
  words: z.array(z.string().min(1)).optional(),
})
export type RuleConditions = z.infer<typeof RuleConditions>

/** Who gets the case. Without a unit: the case's own. */
export const RuleAction = z.strictObject({ unit: UnitCode.optional(), duty: CaseDuty.default('answers') })
export type RuleAction = z.infer<typeof RuleAction>

export const RoutingRule = z.object({
  id: RuleId,
  name: z.string().min(1),
  conditions: RuleConditions,
  action: RuleAction,
})
export type RoutingRule = z.infer<typeof RoutingRule>
