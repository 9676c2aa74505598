import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findForbiddenImports, notRead } from '../../scripts/checks/imports.ts'

const planted: string[] = []

afterAll(async () => {
  for (const root of planted) await rm(root, { recursive: true })
})

/** A tree of nothing but these files, each importing what is named. */
async function plant(files: Record<string, readonly string[]>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'danhoi-imports-')))
  planted.push(root)
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  for (const [path, imports] of Object.entries(files)) {
    await put(path, `${imports.map((name) => `import ${JSON.stringify(name)}`).join('\n')}\nexport {}\n`)
  }
  for (const name of ['pg', 'bullmq', 'vitest']) {
    await put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    await put(`node_modules/${name}/index.js`, '')
  }
  await put(
    'package.json',
    JSON.stringify({ dependencies: { pg: '1', bullmq: '1' }, devDependencies: { vitest: '1' } }),
  )
  return root
}

const targets = {
  'src/lib/ids.ts': [],
  'src/texts/officer.ts': [],
  'src/db/client.ts': [],
  'src/units/unit.ts': [],
  'src/intake/event.ts': [],
  'src/intake/store.ts': [],
  'src/outbox/publisher.ts': [],
  'src/cases/case.ts': [],
  'src/replies/submit.ts': [],
  'src/commands/parse.ts': [],
  'src/app.ts': [],
  'src/cli.ts': [],
  'bots/bot.ts': [],
  'bots/facebook/signature.ts': [],
  'bots/facebook/graph.ts': [],
  'bots/zalo/zca.ts': [],
  'queues/enqueue.ts': [],
  'queues/run.ts': [],
  'queues/workers/send.ts': [],
  'config/load.ts': [],
  'sim/zalo/sim.ts': [],
}

const violations = [
  ['lib', 'src/lib/a.ts', '../db/client.ts'],
  ['texts', 'src/texts/a.ts', '../db/client.ts'],
  ['db', 'src/db/a.ts', '../units/unit.ts'],
  ['units', 'src/units/a.ts', '../cases/case.ts'],
  ['cases', 'src/cases/a.ts', '../replies/submit.ts'],
  ['dispatch', 'src/dispatch/a.ts', '../replies/submit.ts'],
  ['reception', 'src/reception/a.ts', '../replies/submit.ts'],
  ['replies', 'src/replies/a.ts', '../commands/parse.ts'],
  ['cases', 'src/cases/b.ts', '../../config/load.ts'],
  ['cases', 'src/cases/c.ts', '../../queues/enqueue.ts'],
  ['cases', 'src/cases/d.ts', '../../bots/bot.ts'],
  ['bots-port', 'bots/a.ts', '../src/db/client.ts'],
  ['bots-platform', 'bots/facebook/a.ts', '../zalo/zca.ts'],
  ['bots-platform', 'bots/facebook/b.ts', '../../src/intake/store.ts'],
  ['bots-platform', 'bots/zalo/a.ts', '../../queues/enqueue.ts'],
  ['queues-contract', 'queues/definitions.ts', './run.ts'],
  ['queues-machinery', 'queues/a.ts', '../src/cases/case.ts'],
  ['queues-workers', 'queues/workers/a.ts', '../../config/load.ts'],
  ['queues-workers', 'queues/workers/b.ts', '../../bots/zalo/zca.ts'],
  ['http', 'src/http/a.ts', '../../queues/workers/send.ts'],
  ['http', 'src/http/b.ts', '../../bots/facebook/graph.ts'],
  ['cli', 'src/cli/a.ts', '../app.ts'],
  ['setup', 'src/setup/a.ts', '../../queues/enqueue.ts'],
  ['config', 'config/a.ts', '../src/lib/ids.ts'],
  ['sim-platform', 'sim/facebook/a.ts', '../../bots/facebook/signature.ts'],
  ['sim-platform', 'sim/facebook/b.ts', '../zalo/sim.ts'],
  ['sim', 'sim/demo.ts', '../src/cli.ts'],
  ['no-room', 'src/manager/a.ts', '../lib/ids.ts'],
  ['filters', 'src/cli/webhook.ts', '../db/client.ts'],
  ['wall-pg', 'src/cases/e.ts', 'pg'],
  ['wall-bullmq', 'src/http/c.ts', 'bullmq'],
  ['environment', 'src/http/d.ts', 'node:process'],
  ['no-development-package', 'src/lib/b.ts', 'vitest'],
  ['unresolvable', 'src/lib/c.ts', './nothing.ts'],
] as const

// all in one tree, since each reading of a tree takes its time
const problems = await findForbiddenImports(
  await plant({ ...targets, ...Object.fromEntries(violations.map(([, file, target]) => [file, [target]])) }),
)

it.each(violations)('%s: %s may not import %s', (rule, file) => {
  const said = problems.filter((problem) => problem.startsWith(`${file} → `))

  expect(said).toEqual([expect.stringMatching(new RegExp(`\\(${rule}[:)]`))])
})

it('nothing else in that tree is refused', () => {
  expect(problems).toHaveLength(violations.length)
})

it('what the table of rooms allows passes', async () => {
  const root = await plant({
    ...targets,
    'src/cases/open.ts': ['./case.ts', '../lib/ids.ts', '../db/client.ts', '../intake/store.ts', '../units/unit.ts'],
    'src/db/pool.ts': ['pg'],
    'src/http/webhooks.ts': ['../intake/store.ts', '../../queues/enqueue.ts', '../../bots/facebook/signature.ts'],
    'bots/facebook/publisher.ts': ['./graph.ts', '../bot.ts', '../../src/outbox/publisher.ts'],
    'queues/workers/route.ts': ['../run.ts', '../../src/cases/case.ts', '../../bots/bot.ts'],
    'src/cli/replay.ts': ['../../bots/facebook/graph.ts', '../../config/load.ts', '../db/client.ts'],
    'sim/demo.ts': ['./zalo/sim.ts', '../src/app.ts', '../config/load.ts'],
  })

  expect(await findForbiddenImports(root)).toEqual([])
})

it('a file that the cruiser did not read is a problem, not a pass', () => {
  expect(notRead(['src/a.ts', 'src/b.ts'], new Set(['src/b.ts']))).toEqual([
    'src/a.ts was not read by dependency-cruiser',
  ])
})
