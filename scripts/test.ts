import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, ensurePrograms, redisServer } from './system-packages.ts'
import { closingLine, countTests, TestReport } from './test-report.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const args = process.argv.slice(2)

console.log(
  `Running ${args.length === 0 ? 'every test' : `vitest ${args.join(' ')}`} on Node ${process.versions.node}.`,
)
console.log(
  'They use a PostgreSQL, a redis-server and a chromium of their own; nothing outside this machine is called.',
)
if (!(await ensurePrograms([redisServer, chromium], console.log))) process.exit(1)

const folder = await mkdtemp(join(tmpdir(), 'danhoi-tests-'))
const succeeded = await runVitest(join(folder, 'report.json'))
const counts = countTests(await readReport(join(folder, 'report.json')), succeeded)
await rm(folder, { recursive: true })

if (counts.failed > 0) process.exitCode = 1
if (counts.skipped.length > 0 && !isFiltered(args)) {
  console.log(`Skipped:\n${counts.skipped.map((name) => `  ${name}`).join('\n')}`)
  // Elsewhere some cannot run: those about root's PostgreSQL need root, those about sockets and signals need Unix.
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log('As root on Linux every test can run: a skipped one counts as failed.')
    process.exitCode = 1
  }
}
console.log(closingLine(counts))

async function runVitest(report: string): Promise<boolean> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  return code === 0
}

async function readReport(path: string): Promise<TestReport | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null ? null : TestReport.parse(JSON.parse(text))
}

/** With a pattern of titles vitest reports all other tests as skipped. */
function isFiltered(args: readonly string[]): boolean {
  return args.some((arg) => /^(-t|--testNamePattern)(=|$)/.test(arg))
}
