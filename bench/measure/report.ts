/** What a figure should be. Goals are to be known, not to fail on; only `must` makes the run end with 1. */
export type Goal = { readonly atLeast: number } | { readonly below: number } | { readonly must: number }

export interface Figure {
  /** Its name in the JSON output; a change of it breaks whoever reads that. */
  readonly name: string
  /** Null: it could not be measured here, a note says why. */
  readonly value: number | null
  readonly unit: string
  readonly what: string
  readonly goal?: Goal
}

export function figure(name: string, what: string, value: number | null, unit = '', goal?: Goal): Figure {
  return { name, what, value, unit, ...(goal === undefined ? {} : { goal }) }
}

export interface Report {
  readonly figures: readonly Figure[]
  /** How the figures came about, where they would mislead without it. */
  readonly notes: readonly string[]
}

/** Null: there is no goal, or nothing was measured. */
export function isMet({ value, goal }: Figure): boolean | null {
  if (goal === undefined || value === null) return null
  if ('atLeast' in goal) return value >= goal.atLeast
  return 'below' in goal ? value < goal.below : value === goal.must
}

/** Whether the run has to end with 1. */
export function isBroken({ figures }: Report): boolean {
  return figures.some((figure) => figure.goal !== undefined && 'must' in figure.goal && isMet(figure) !== true)
}

/** A small table for people. */
export function asTable(bench: string, { figures, notes }: Report): string {
  const rows = figures.map((figure) => [figure.what, shown(figure), goalOf(figure)] as const)
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length))
  return [
    bench,
    ...rows.map(([what, value, goal]) => `  ${what.padEnd(width(0))}  ${value.padStart(width(1))}  ${goal}`.trimEnd()),
    ...notes.map((note) => `  ${note}`),
    '',
  ].join('\n')
}

/** The same for machines: the figures by name, and beside them which goals are met. */
export function asJson({ figures, notes }: Report): object {
  const goals = figures.flatMap((figure) =>
    figure.goal === undefined ? [] : [[figure.name, { ...figure.goal, met: isMet(figure) }] as const],
  )
  return {
    ...Object.fromEntries(figures.map(({ name, value }) => [name, value])),
    goals: Object.fromEntries(goals),
    notes,
  }
}

function shown({ value, unit }: Figure): string {
  if (value === null) return '–'
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
}

function goalOf(figure: Figure): string {
  const { goal } = figure
  if (goal === undefined) return ''
  const met = isMet(figure)
  const wanted =
    'atLeast' in goal ? `at least ${goal.atLeast}` : 'below' in goal ? `below ${goal.below}` : `exactly ${goal.must}`
  return `goal: ${wanted} – ${met === null ? 'not measured' : met ? 'met' : 'NOT MET'}`
}
