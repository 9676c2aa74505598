import { Lifecycle } from '../src/lib/lifecycle.ts'
import { UsageError } from './measure/arguments.ts'
import { readSoakArguments } from './soak/arguments.ts'
import { burst } from './soak/burst.ts'
import { matrix } from './soak/matrix.ts'
import { planted } from './soak/planted.ts'
import { restarts } from './soak/restarts.ts'
import type { Outcome, Scenario } from './soak/scenario.ts'
import { storm } from './soak/storm.ts'
import { zaloStorm } from './soak/zalo/storm.ts'

const scenarios: readonly Scenario[] = [planted, storm, zaloStorm, burst, restarts, matrix]

try {
  const typed = process.argv.slice(2)
  process.exit(
    await run(
      readSoakArguments(
        typed,
        scenarios.map(({ name }) => name),
      ),
    ),
  )
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}

/** Runs the chosen scenarios one after the other. 1: anything lost, doubled, orphaned or leaked, or a step not reached. */
async function run({ json, comments, messages, names }: ReturnType<typeof readSoakArguments>): Promise<number> {
  const results: Record<string, readonly Outcome[]> = {}
  for (const scenario of scenarios.filter(({ name }) => names.includes(name))) {
    const lifecycle = new Lifecycle()
    const say = (line: string): void => void process.stderr.write(`  ${scenario.name}: ${line}\n`)
    say(scenario.about)
    try {
      results[scenario.name] = await scenario.run({ lifecycle, say, comments, messages })
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
      results[scenario.name] = [{ run: scenario.name, isGreen: false, balance: null, why }]
    } finally {
      await lifecycle.stop((name, error) => say(`${name} was left behind: ${String(error)}`))
    }
    const out = json ? process.stderr : process.stdout
    out.write(`${summary(scenario.name, results[scenario.name] ?? [])}\n`)
  }
  if (json) process.stdout.write(`${JSON.stringify(results)}\n`)
  return Object.values(results)
    .flat()
    .every(({ isGreen }) => isGreen)
    ? 0
    : 1
}

function summary(name: string, outcomes: readonly Outcome[]): string {
  const count = (pick: (balance: NonNullable<Outcome['balance']>) => readonly string[] | number): number => {
    let sum = 0
    for (const { balance } of outcomes) {
      const picked = balance === null ? 0 : pick(balance)
      sum += typeof picked === 'number' ? picked : picked.length
    }
    return sum
  }
  const red = outcomes.filter(({ isGreen }) => !isGreen)
  const lines = red.map(({ run, why, balance }) => `  RED ${run}: ${why ?? JSON.stringify(balance)}`)
  return [
    `${name}: ${outcomes.length} runs, ${red.length} red; received ${count((b) => b.received)}, lost ${count((b) => b.lost)}, ` +
      `doubled ${count((b) => b.doubled)}, officers' doubles ${count((b) => b.officerDoubles)}, ` +
      `orphaned ${count((b) => b.orphaned)}, leaked ${count((b) => b.leaked)}`,
    ...lines,
  ].join('\n')
}
