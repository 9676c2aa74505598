import { parse } from 'yaml'
import { z } from 'zod'
import { ListenMode } from '../accounts/groups.ts'
import { Platform } from '../intake/event.ts'
import { plusMs } from '../lib/clock.ts'
import { InvalidInputError } from '../lib/errors.ts'
import { PublishingMode } from '../publishing/mode.ts'
import { RuleAction, RuleConditions } from '../routing/rule.ts'
import { Duty, UnitCode, UnitKind } from '../units/unit.ts'

const day = z.iso.date()

/** A day in Viet Nam, or a moment with its zone. */
const moment = z.union(
  [day, z.iso.datetime({ offset: true })],
  'expected a day like "2026-03-15" or "2026-03-15T07:00:00+07:00"',
)

/** A group that an account sits in. */
const GroupSetup = z
  .strictObject({
    id: z.string().min(1),
    name: z.string().min(1),
    unit: UnitCode,
    audience: z.enum(['residents', 'officers']),
    listen: ListenMode.default('when_addressed'),
    /** Words and hashtags of this group that address us. */
    keywords: z
      .array(
        z
          .string()
          .trim()
          .regex(/[\p{L}\p{N}]/u, 'expected a word or a hashtag')
          .max(60),
      )
      .min(1)
      .max(50)
      .optional(),
    mode: PublishingMode.optional(),
  })
  .refine(({ listen, keywords }) => listen !== 'keyword' || keywords !== undefined, {
    path: ['keywords'],
    message: 'expected the words that this group is listened to for: listen is "keyword"',
  })
  .refine(({ listen, keywords }) => listen === 'keyword' || keywords === undefined, {
    path: ['keywords'],
    message: 'expected no keywords: they hold only where listen is "keyword"',
  })

/** What an operator writes down about an installation. A secret has no place in it. */
export const SetupFile = z.strictObject({
  /** Publishing mode of the whole installation; below it the strictest of what is said holds. */
  mode: PublishingMode.optional(),
  units: z
    .array(
      z.strictObject({
        code: UnitCode,
        name: z.string().min(1),
        kind: UnitKind,
        parent: UnitCode.optional(),
        signature: z.string().min(1),
        validFrom: day.default('2025-07-01'),
        /** Holds for everything below the unit as well. */
        mode: PublishingMode.optional(),
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
        /** A new account that says nothing begins in approve_all; a known one stays as it is. */
        mode: PublishingMode.optional(),
        groups: z.array(GroupSetup).default([]),
      }),
    )
    .default([]),
  rules: z
    .array(z.strictObject({ name: z.string().min(1), when: RuleConditions.default({}), assign: RuleAction }))
    .default([]),
  /** Periods in which residents hear nothing of us. The list is replaced as a whole; a file without one leaves it. */
  freezes: z
    .array(
      z
        .strictObject({ unit: UnitCode.optional(), from: moment, to: moment, reason: z.string().min(1) })
        .refine(({ from, to }) => freezeEnd(to) > freezeStart(from), 'expected "to" after "from"'),
    )
    .optional(),
})
export type SetupFile = z.infer<typeof SetupFile>

/** A day begins at midnight in Viet Nam. */
export function freezeStart(from: string): Date {
  return new Date(isDay(from) ? `${from}T00:00:00+07:00` : from)
}

/** A day is meant with all of its hours. */
export function freezeEnd(to: string): Date {
  return isDay(to) ? plusMs(freezeStart(to), 86_400_000) : new Date(to)
}

function isDay(text: string): boolean {
  return !text.includes('T')
}

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
  const problems = [...danglingUnits(parsed.data), ...listedTwice(parsed.data), ...loops(parsed.data)]
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
    ...(setup.freezes ?? []).flatMap(({ unit, reason }) =>
      unit === undefined ? [] : [[`freezes "${reason}"`, unit] as const],
    ),
    ...setup.rules.flatMap((rule) =>
      [...(rule.when.units ?? []), ...(rule.assign.unit === undefined ? [] : [rule.assign.unit])].map(
        (code) => [`rules "${rule.name}"`, code] as const,
      ),
    ),
  ]
  return named
    .filter(([, code]) => !known.has(code))
    .map(([where, code]) => `${where}: unit "${code}" is not listed under units`)
}

/** Of two entries for the same thing the later would win in silence: two officers of one name would become one person. */
function listedTwice({ units, officers, accounts }: SetupFile): string[] {
  const names = [
    ...units.map((unit) => `units: "${unit.code}"`),
    ...officers.map((officer) => `officers: "${officer.name}"`),
    ...accounts.map((account) => `accounts: ${account.platform} "${account.id}"`),
    ...accounts.flatMap(({ platform, id, groups }) =>
      groups.map((group) => `groups of ${platform} ${id}: "${group.id}"`),
    ),
  ]
  const repeated = names.filter((name, at) => names.indexOf(name) !== at)
  return [...new Set(repeated)].map((name) => `${name} is listed twice`)
}

/** Every walk upwards has to end: an accusation is handed to the unit above. */
function loops({ units }: SetupFile): string[] {
  const parents = new Map(units.map((unit) => [unit.code, unit.parent]))
  return units.flatMap(({ code }) => {
    const above = new Set<string>()
    for (let at = parents.get(code); at !== undefined && !above.has(at); at = parents.get(at)) above.add(at)
    return above.has(code) ? [`units.${code}.parent: the unit lies below itself`] : []
  })
}
