import { parse } from 'yaml'
import { z } from 'zod'
import { Platform } from '../intake/event.ts'
import { InvalidInputError } from '../lib/errors.ts'
import { RuleAction, RuleConditions } from '../routing/rule.ts'
import { Duty, UnitCode, UnitKind } from '../units/unit.ts'

const day = z.iso.date()

/** What an operator writes down about an installation. A secret has no place in it. */
export const SetupFile = z.strictObject({
  units: z
    .array(
      z.strictObject({
        code: UnitCode,
        name: z.string().min(1),
        kind: UnitKind,
        parent: UnitCode.optional(),
        signature: z.string().min(1),
        validFrom: day.default('2025-07-01'),
      }),
    )
    .default([]),
  officers: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        duties: z
          .array(z.strictObject({ unit: UnitCode, duty: Duty, from: day.default('2025-07-01'), to: day.optional() }))
          .min(1),
      }),
    )
    .default([]),
  accounts: z
    .array(
      z.strictObject({
        platform: Platform,
        /** The Page id, or the Zalo uid. */
        id: z.string().min(1),
        name: z.string().min(1),
        unit: UnitCode,
        groups: z
          .array(
            z.strictObject({
              id: z.string().min(1),
              name: z.string().min(1),
              unit: UnitCode,
              audience: z.enum(['residents', 'officers']),
              listen: z.enum(['every_message', 'when_addressed']).default('when_addressed'),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  rules: z
    .array(z.strictObject({ name: z.string().min(1), when: RuleConditions.default({}), assign: RuleAction }))
    .default([]),
})
export type SetupFile = z.infer<typeof SetupFile>

/** YAML → checked setup. All problems at once, each with the place it stands in and what was expected there. */
export function readSetup(text: string): SetupFile {
  let raw: unknown
  try {
    raw = parse(text) ?? {}
  } catch (error) {
    throw new InvalidInputError(`expected YAML: ${error instanceof Error ? error.message.split('\n')[0] : ''}`)
  }
  const parsed = SetupFile.safeParse(raw)
  if (!parsed.success) {
    throw new InvalidInputError(
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('\n'),
    )
  }
  const problems = danglingUnits(parsed.data)
  if (problems.length > 0) throw new InvalidInputError(problems.join('\n'))
  return parsed.data
}

/** A unit may be named before it is listed, but it must be listed in this file: half a tree is no tree. */
function danglingUnits(setup: SetupFile): string[] {
  const known = new Set(setup.units.map((unit) => unit.code))
  const named = [
    ...setup.units.flatMap((unit) =>
      unit.parent === undefined ? [] : [[`units.${unit.code}.parent`, unit.parent] as const],
    ),
    ...setup.officers.flatMap((officer) =>
      officer.duties.map((duty) => [`officers "${officer.name}"`, duty.unit] as const),
    ),
    ...setup.accounts.flatMap((account) => [
      [`accounts ${account.id}`, account.unit] as const,
      ...account.groups.map((group) => [`groups ${group.id}`, group.unit] as const),
    ]),
    ...setup.rules.flatMap((rule) =>
      rule.assign.unit === undefined ? [] : [[`rules "${rule.name}"`, rule.assign.unit] as const],
    ),
  ]
  return named
    .filter(([, code]) => !known.has(code))
    .map(([where, code]) => `${where}: unit "${code}" is not listed under units`)
}
