import { availableParallelism, loadavg } from 'node:os'
import { Lifecycle } from '../src/lib/lifecycle.ts'
import { fairness } from './fairness.ts'
import { ingest } from './ingest.ts'
import { ingestWhole } from './ingest-whole.ts'
import { latency } from './latency.ts'
import { readArguments, UsageError } from './measure/arguments.ts'
import type { Bench } from './measure/bench.ts'
import { asJson, asTable, isBroken } from './measure/report.ts'
import { memory } from './memory.ts'
import { pages } from './pages.ts'
import { queue } from './queue.ts'
import { start } from './start.ts'
import { zalo } from './zalo.ts'

const benches: readonly Bench[] = [ingest, ingestWhole, latency, start, memory, queue, fairness, pages, zalo]

/** One Ctrl-C may arrive twice: from the terminal, and from npm, which hands it on. */
const SAME_SIGNAL_MS = 1_000

let underway = new Lifecycle()
let isEnding = false
leaveNothingBehind()
try {
  const chosen = readArguments(
    process.argv.slice(2),
    benches.map(({ name }) => name),
  )
  process.exit(await run(chosen))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}

/** Runs the chosen benches one after the other. 1: one of them failed, or lost something. Goals that are missed are told. */
async function run({ json, quick, names }: ReturnType<typeof readArguments>): Promise<number> {
  const results: Record<string, object> = {}
  let isRed = false
  for (const bench of benches.filter(({ name }) => names.includes(name))) {
    const say = (line: string): void => void process.stderr.write(`  ${bench.name}: ${line}\n`)
    say(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}${quick ? ', a rough look' : ''}`)
    underway = new Lifecycle()
    try {
      const report = await bench.run({ quick, say, lifecycle: underway })
      isRed ||= isBroken(report)
      results[bench.name] = asJson(report)
      const out = json ? process.stderr : process.stdout
      out.write(`${asTable(bench.name, report)}\n`)
    } catch (error) {
      if (isEnding) break
      isRed = true
      results[bench.name] = { error: String(error) }
      process.stderr.write(`${bench.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
    }
    if (isEnding) break
    await cleanUp()
  }
  if (isEnding) return new Promise(() => {}) // whatever asked us to end does so
  if (json) process.stdout.write(`${JSON.stringify(results)}\n`)
  return isRed ? 1 : 0
}

function cleanUp(): Promise<void> {
  return underway.stop((name, error) => process.stderr.write(`${name} was left behind: ${String(error)}\n`))
}

/** Ctrl-C, or a mistake of ours, takes everything away first; Ctrl-C pressed again does not wait. */
function leaveNothingBehind(): void {
  let since = 0
  const end = (why: string, code: number): void => {
    if (isEnding) return // what breaks while everything is taken away is no news
    isEnding = true
    since = performance.now()
    process.stderr.write(`stopping: ${why}\n`)
    void cleanUp().finally(() => process.exit(code))
  }
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (isEnding && performance.now() - since > SAME_SIGNAL_MS) process.exit(code)
      end(signal, code)
    })
  }
  process.on('uncaughtException', (error) => end(error.stack ?? String(error), 1))
}
