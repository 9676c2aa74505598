import type { Place, Platform } from '../intake/event.ts'
import type { RuleId, UnitId } from '../lib/ids.ts'
import { fold } from '../lib/text.ts'
import type { Kind } from '../understanding/label.ts'
import type { Unit } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import type { Duty } from '../units/unit.ts'
import type { RoutingRule } from './rule.ts'

export interface RoutingInput {
  readonly unitId: UnitId
  readonly platform: Platform
  readonly place: Place['kind']
  readonly kind: Kind
  readonly urgent: boolean
  readonly text: string
  readonly confidentiality: { confidentiality: string; reason: string }
}

export interface RoutingDecision {
  readonly unitId: UnitId
  readonly duty: Duty
  readonly ruleId: RuleId | null
  /** One clause that a person can read: "rule … matched", "no rule matched: …". */
  readonly because: string
  readonly trace: readonly { rule: string; matched: boolean; because: string }[]
}

/**
 * First matching rule wins; without one the case goes to the officers of its own unit. An accusation is outside the
 * rules: it goes one level up, to the restricted desk, so that it never lands with whom it may accuse.
 */
export function decideRoute(
  input: RoutingInput,
  rules: readonly RoutingRule[],
  units: readonly Unit[],
): RoutingDecision {
  const line = lineage(units, input.unitId)
  if (input.confidentiality.reason === 'denunciation') {
    const above = line[1] ?? line[0]
    return decision(
      above?.id ?? input.unitId,
      'restricted_desk',
      null,
      'it may accuse somebody: one level up, restricted',
      [],
    )
  }
  const trace: RoutingDecision['trace'][number][] = []
  for (const rule of rules) {
    const miss = whyNot(rule, input, line)
    const target = rule.action.unit === undefined ? line[0] : units.find((unit) => unit.code === rule.action.unit)
    const because = miss ?? (target === undefined ? `unit ${rule.action.unit} is not known` : 'all conditions hold')
    const matched = miss === null && target !== undefined
    trace.push({ rule: rule.name, matched, because })
    if (matched) return decision(target.id, rule.action.duty, rule.id, `rule "${rule.name}" matched`, trace)
  }
  return decision(input.unitId, 'answers', null, 'no rule matched: the officers of its own unit', trace)
}

function decision(
  unitId: UnitId,
  duty: Duty,
  ruleId: RuleId | null,
  because: string,
  trace: RoutingDecision['trace'],
): RoutingDecision {
  return { unitId, duty, ruleId, because, trace }
}

/** The first condition that does not hold, in words; null when all hold. */
function whyNot({ conditions }: RoutingRule, input: RoutingInput, line: readonly Unit[]): string | null {
  const { platforms, places, units, kinds, urgent, words } = conditions
  if (platforms !== undefined && !platforms.includes(input.platform)) return `platform is ${input.platform}`
  if (places !== undefined && !places.includes(input.place)) return `written in a ${input.place}`
  if (units !== undefined && !line.some((unit) => units.includes(unit.code))) return 'another unit'
  if (kinds !== undefined && !kinds.includes(input.kind)) return `kind is ${input.kind}`
  if (urgent !== undefined && urgent !== input.urgent) return urgent ? 'not urgent' : 'urgent'
  if (words !== undefined && !mentions(input.text, words)) return 'none of the words'
  return null
}

function mentions(text: string, words: readonly string[]): boolean {
  const spoken = asWords(text)
  return words.some((word) => spoken.includes(asWords(word)))
}

/** Folded words with one space around each: "BHYT/BHXH" in a rule is found in "BHYT, BHXH". */
function asWords(text: string): string {
  return ` ${fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `
}
