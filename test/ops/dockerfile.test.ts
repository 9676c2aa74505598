import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { flagsOf, readDockerfile, wordsOf } from '../../scripts/dockerfile.ts'
import { contextOf, followDockerfile } from '../../scripts/follow-dockerfile.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const image = readDockerfile(read('Dockerfile')).at(-1)
const steps = (keyword: string): string[] =>
  (image?.instructions ?? []).filter((step) => step.keyword === keyword).map(({ rest }) => rest)

it('everything that the program and its command line import is in the image', () => {
  const copied = steps('COPY').flatMap((rest) => flagsOf(rest).words.slice(0, -1))
  const imported = ['src/main.ts', 'src/cli.ts'].flatMap((path) => [...reachable(path)])
  const missing = imported.filter((path) => !copied.some((folder) => path.startsWith(`${folder}/`)))

  expect(imported.length).toBeGreaterThan(100)
  expect([...new Set(missing)]).toEqual([])
})

it('the image starts what npm start starts, as a user that is not root, and asks its health without curl', () => {
  const [uid = 'root'] = (steps('USER').at(-1) ?? '').split(':')
  const health = flagsOf(steps('HEALTHCHECK')[0] ?? '').after.replace('CMD ', '')

  expect(Number(uid)).toBeGreaterThan(0)
  expect(wordsOf(steps('CMD')[0] ?? '').join(' ')).toBe(JSON.parse(read('package.json')).scripts.start)
  expect(wordsOf(health).slice(0, 2)).toEqual(['node', '-e'])
  expect(health).toContain('/health/live')
})

it('nothing but the program itself goes to the builder: no data, no secret, no test', async () => {
  const wanted = readDockerfile(read('Dockerfile')).flatMap(({ instructions }) =>
    instructions
      .filter(({ keyword, rest }) => keyword === 'COPY' && !flagsOf(rest).flags.has('from'))
      .flatMap(({ rest }) => flagsOf(rest).words.slice(0, -1)),
  )

  expect([...(await contextOf(root))].toSorted()).toEqual([...new Set(wanted)].toSorted())
})

it('no file for production lets simulators in', () => {
  const files = [
    'Dockerfile',
    'compose.yaml',
    'compose.https.yaml',
    'deploy/danhoi.service',
    'deploy/danhoi.env.example',
  ]

  expect(files.filter((path) => /SIMULATORS|FAILPOINT|PACE=/.test(read(path)))).toEqual([])
})

it('followed step by step, the image starts as an ordinary user, becomes healthy, is ready, and stops in order', async () => {
  const followed = await followDockerfile({ root, packages: 'installed', say: () => {} })

  expect(followed).toMatchObject({
    ready: { status: 'ready', parts: { database: 'ok', queues: 'ok', publishing: 'ok' } },
    ledger: 'received = accounted',
    exitCode: 0,
    isDatabaseStopped: true,
  })
}, 300_000)

/** The file and every file of ours that it imports, now or later. */
function reachable(from: string, seen = new Set<string>()): Set<string> {
  if (seen.has(from)) return seen
  seen.add(from)
  for (const [, target = ''] of read(from).matchAll(/(?:\bfrom|\bimport\()\s*'(\.\.?\/[^']+\.ts)'/g))
    reachable(relative(root, join(root, dirname(from), target)), seen)
  return seen
}
