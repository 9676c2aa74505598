import { fileURLToPath } from 'node:url'
import { type Part, parts } from './checks/parts.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${parts.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const failed = (await Promise.all(chosen.map(report))).filter((passed) => !passed)
console.log(failed.length === 0 ? 'check: all passed' : `check: ${failed.length} of ${chosen.length} failed`)
if (failed.length > 0) process.exitCode = 1

/** One line for a part that passes, all it has to say for one that does not. */
async function report({ name, run }: Part): Promise<boolean> {
  const started = performance.now()
  const problems = await run(root).catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${problems === '' ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (problems !== '') console.log(problems.replace(/^/gm, '  '))
  return problems === ''
}
