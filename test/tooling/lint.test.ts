import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')

const refused = [
  ['src/now.ts', 'export const a = Date.now()', 'plugin'],
  ['src/today.ts', 'export const a = new Date()', 'plugin'],
  ['bots/zalo/now.ts', 'export const a = [1].map(Date.now)', 'plugin'],
  ['src/port.ts', 'export const a = process.env.PORT', 'lint/style/noProcessEnv'],
  ['queues/all.ts', 'export const a = { ...process.env }', 'lint/style/noProcessEnv'],
  ['src/round.ts', "import { b } from './b.ts'\n\nexport const a = b", 'lint/suspicious/noImportCycles'],
  ['src/b.ts', "import { a } from './round.ts'\n\nexport const b = (): unknown => a", 'lint/suspicious/noImportCycles'],
] as const

const fine = [
  ['src/lib/clock.ts', 'export const a = Date.now()'],
  ['src/past.ts', 'export const a = new Date(0)'],
  ['config/env.ts', 'export const a = process.env'],
  ['bench/a.ts', 'export const a = [process.env.PORT, Date.now()]'],
  ['src/c.ts', "import type { D } from './d.ts'\n\nexport type C = D[]"],
  ['src/d.ts', "import type { C } from './c.ts'\n\nexport type D = { c: C }"],
] as const

const Findings = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
})

const folder = await mkdtemp(join(tmpdir(), 'danhoi-lint-'))
afterAll(() => rm(folder, { recursive: true }))
for (const file of ['biome.json', 'scripts/one-clock.grit', '.gitignore']) {
  await put(file, await readFile(join(root, file), 'utf8'))
}
for (const [path, code] of [...refused, ...fine]) await put(path, `${code}\n`)
const { diagnostics } = Findings.parse(JSON.parse(await lint()))

it.each(refused)('%s: "%s" is refused', (path, _text, rule) => {
  expect(diagnostics.filter(({ location }) => location.path === path)).toMatchObject([{ category: rule }])
})

it.each(fine)('%s: "%s" passes', (path) => {
  expect(diagnostics.filter(({ location }) => location.path === path)).toEqual([])
})

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

async function lint(): Promise<string> {
  const child = spawn(process.execPath, [biome, 'lint', '--reporter=json'], { cwd: folder })
  return text(child.stdout)
}
